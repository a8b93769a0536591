"""The outside world of this storey: mail servers."""
