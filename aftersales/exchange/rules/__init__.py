"""Decisions about exports and imports."""
