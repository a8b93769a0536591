"""What the settings show."""
