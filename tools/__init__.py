"""What the builders use; nothing in here is installed with the product."""
