"""The pages of customers and units."""
