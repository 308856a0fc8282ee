"""Pages of customers, of units, and the pick lists of the intake screen."""
