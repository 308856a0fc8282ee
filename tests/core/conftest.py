from __future__ import annotations

from django.db import connection

collect_ignore = [] if connection.vendor == "sqlite" else ["test_sqlite_cache.py"]
"""What is of one database only is tried there; nothing is skipped."""
