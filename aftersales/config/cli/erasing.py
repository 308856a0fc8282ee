"""Who was erased stays erased, also when a backup from before is restored."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import django


def erase_again(options: argparse.Namespace) -> int:
    """Erase every customer of the list who is in the database again; 1 when one could not be."""
    django.setup()
    from aftersales.core import clock
    from aftersales.customers import services as customers

    path = Path(options.list) if options.list else customers.list_path()
    if not path.is_file():
        print(f"There is no list {path}. Say where it lies with --list.", file=sys.stderr)
        return 1
    done, refused = customers.erase_again(path, now=clock.now())
    for number in done:
        print(f"{number} is erased again.")
    for number, refusal in refused:
        print(f"{number} could not be erased: {refusal}", file=sys.stderr)
    print(f"{len(done)} erased again, {len(refused)} could not be.")
    return 1 if refused else 0


def write_list(_options: argparse.Namespace) -> int:
    """Write the list anew from the database, and say where it lies."""
    django.setup()
    from aftersales.core import clock
    from aftersales.customers import services as customers

    count = customers.write_list(now=clock.now())
    print(f"{count} erased customers stand in {customers.list_path()}. Keep a copy of it with the backups.")
    return 0
