"""Deadlines: calendars, working days with make-up workdays, running clocks and their explanation.

Promises: a due instant that explains itself day by day, and a clock whose every pause has a reason and an owner.
Owns: calendars, days off and make-up workdays, clocks, pauses.
Does not: know what the clock is for; that is an opaque reference such as "RO-NJ-2026-000123".
"""
