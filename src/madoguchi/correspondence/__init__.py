"""Messages (やり取り) between a person and the desk, drafts and receipts."""
