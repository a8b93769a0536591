"""Words, files and talks, in and out."""
