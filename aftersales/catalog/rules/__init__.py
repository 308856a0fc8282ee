"""Decisions of the catalog: the words of a trade, how its numbers are read, what labour costs."""
