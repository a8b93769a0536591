"""What is done in the settings across the storeys: erasing, giving out, bringing in."""
