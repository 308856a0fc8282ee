"""Staff: people, stations, duties, sign-in and invitations.

Promises: a person's duties and visible stations, turned into the Actor every other room takes.
Owns: people, stations, assignments of duties, invitations.
Does not: decide what a duty permits; that is one page, `config/duties.py`.
"""
