"""Reading what passed."""
