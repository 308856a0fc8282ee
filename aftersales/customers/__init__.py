"""Customers: people and organisations, their phones and addresses, and the units they own.

Promises: a customer or unit found by name, pinyin, initials, phone digits, plate or part of a serial number.
Owns: customers, phones, addresses, units and their ownership over time.
Does not: know what is repaired; rooms above add to the timeline.
"""
