"""What the ledger and the freight documents follow, in plain Python."""
