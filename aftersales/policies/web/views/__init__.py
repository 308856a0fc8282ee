"""Views of the policies, one file per kind of page."""
