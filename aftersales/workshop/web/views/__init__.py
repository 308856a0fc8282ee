"""The workshop's pages: the orders and their acts, intake, old repairs, counts."""
