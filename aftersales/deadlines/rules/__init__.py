"""What a working day is, when a span of them ends, and why. Plain Python: no database, no clock, no language."""
