"""E-mail as it really comes: read, never refused; and as we write it, saying nothing."""
