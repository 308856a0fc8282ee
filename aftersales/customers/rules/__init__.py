"""Decisions about customers and units."""
