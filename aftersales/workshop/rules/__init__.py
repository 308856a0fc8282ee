"""The workshop's decisions: how an order goes (`order`), what a quotation amounts to (`quotation`)."""
