"""Files made for printing."""
