"""What stock may do, in plain Python: kinds of stores and moves, and the arithmetic of balances."""
