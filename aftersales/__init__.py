"""Aftersales (售後): runs an after-sales service department, from the customer's first word to the handed-back unit."""

__version__ = "0.1.0"
