"""Pages of calendars and dates."""
