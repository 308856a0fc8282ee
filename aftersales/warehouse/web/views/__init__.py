"""Views of the warehouse, one file per kind of page."""
