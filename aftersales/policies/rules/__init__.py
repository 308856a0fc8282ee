"""The way of a version, and what an edit does to a policy's text."""
