"""Pages of accounts, vouchers, statements and freight."""
