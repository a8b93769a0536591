"""Reading hand-overs, always by way of who reads."""
