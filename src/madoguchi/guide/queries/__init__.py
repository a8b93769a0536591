"""What the guide's pages show."""
