"""SQLite on a disk that is full while a sign is set, for machines where no small disk can be made."""

from __future__ import annotations

import os
from pathlib import Path

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        opened = super().get_new_connection(conn_params)
        if Path(os.environ["FULL_DISK_SIGN"]).exists():
            opened.execute("PRAGMA max_page_count=1")  # as many as there are now: not one more
        return opened
