"""The pages of exports and imports, and the button that other rooms' lists carry."""
