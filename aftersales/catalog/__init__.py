"""Catalog: trades with their words and checklists, manufacturers, categories, models, labour operations, parts, prices.

Promises: the words and fields of a trade as data, and models found while typing.
Owns: manufacturers, categories, models, labour operations, parts. Trade profiles are files, not tables.
Does not: count stock or know who owns a unit.
"""
