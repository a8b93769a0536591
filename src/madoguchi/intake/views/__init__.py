"""Pages of the letterbox and of my-page."""
