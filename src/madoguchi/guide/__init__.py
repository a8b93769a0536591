"""The guide (案内): from a person's answers to the right window."""
