"""Walks through the product in a real browser, as the people of a station would take them."""
