"""Warehouse: stores, items, and every quantity that moves between them.

Promises: stock changes only by moves from one store to another, never below zero; the sum of the moves is the stock, always.
Owns: stores, items, moves, balances, reservations, stocktakes, what was decided about goods that lie too long.
Does not: decide what becomes of a return, or know what anything is sold for.
"""
