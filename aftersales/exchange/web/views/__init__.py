"""Exports on their way, and imports from the upload to the records."""
