"""The letterbox (相談フォーム) and the page where a person reads the reply."""
