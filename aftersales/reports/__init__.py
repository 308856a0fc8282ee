"""Reports: what the house did, told to those who lead it. Above all working rooms; it reads their tables and changes none of them.

Promises: the daily repair report of every station, complete, sent once at its hour, and an alarm on every day it was not.
Owns: when and to whom each station reports, and each day's report as it was sent.
Does not: write into any other room's tables; what it shows is counted from their records, and each figure leads back to them.
"""
