"""Exchange: lists leave the house as Excel and CSV, tables come in.

Promises: every list exported exactly as it is filtered and sorted; an import is checked first, and then done whole or not at all.
Owns: the exports and imports of each person, their files for some days, and the remembered mappings.
Does not: know what is in a list or a table; rooms above declare their lists and their imports here.
"""
