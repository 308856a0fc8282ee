"""Customer accounts: a ledger that is only added to, statements with the customer's confirmation, and freight documents.

Owns accounts, their posted entries, statements that were confirmed, and freight documents on their way to whoever is liable.
It does not decide what a return is credited with; the rooms above do, and post here.
"""
