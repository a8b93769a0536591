"""What a person may send. Garbage is read as far as it can be, and never refused unsaid."""
