"""The ground floor: what every room needs and no trade owns.

Promises: one transaction per act, gapless numbers, an unforgeable journal, events, outbox, jobs, search, safe files.
Owns: numbers, journal entries, outbox messages, schedules, idempotency keys, the search index, attachments.
Does not: know a station, a customer or an order. What belongs to one place carries an opaque `scope`.
"""
