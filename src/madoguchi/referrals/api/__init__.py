"""What other installations ask of ours."""
