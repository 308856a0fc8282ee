"""Desk: each duty's home page and the one search box. Owns no table; reads the rooms below through their queries."""
