"""The ledger (台帳): who did what and when, written once."""
