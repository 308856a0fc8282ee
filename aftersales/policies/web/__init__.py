"""Pages of the policies: read them, ask them, rule on them, approve them."""
