"""Pages of the guide: questions, windows, and what everybody should know before."""
