"""The desk's handbook (手引き): texts to send, questions and answers, past cases."""
