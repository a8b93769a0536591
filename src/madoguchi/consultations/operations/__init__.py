"""What is done in a consultation: receiving, working, importing."""
