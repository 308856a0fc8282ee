"""The catalog's pages: one shelf per kind of item, all drawn alike."""
