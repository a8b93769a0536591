"""Keys, sealing, sessions and throttling: knows ids, never stories."""
