"""The `aftersales` command: everything an installation is run with."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.config.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["manage"]:
        return _manage(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    return int(options.run(options) or 0)


def _manage(arguments: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["aftersales manage", *arguments])
    return 0


def _parser() -> argparse.ArgumentParser:
    # Imported here: each command loads Django only when it is the one that runs.
    from aftersales.config.cli import bring, erasing, house, policy, serve

    parser = argparse.ArgumentParser(prog="aftersales", description="Runs an after-sales service department.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    init = commands.add_parser("init", help="make a real installation: database, calendars, first station and manager")
    init.add_argument("--station-code", default="HQ", help="two to four capitals, for example NJ")
    init.add_argument("--station-name", default="", help="name of the first station")
    init.add_argument("--trades", default="electronics", help="comma-separated: agri,gift,electronics,automotive")
    init.add_argument("--manager", default="", help="name of the first manager")
    init.add_argument("--login", default="", help="the name the first manager signs in with")
    init.set_defaults(run=house.init)

    run = commands.add_parser("run", help="bring the database up to date and start the web server and the worker")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--workers", type=int, default=1, help="web server processes")
    run.set_defaults(run=serve.run)

    commands.add_parser("worker", help="do queued jobs and send waiting messages, until stopped").set_defaults(
        run=serve.worker
    )
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=house.migrate)
    commands.add_parser("demo", help="load the demonstration data into an empty database").set_defaults(run=house.demo)

    imports = commands.add_parser("import", help="bring in records from elsewhere").add_subparsers(
        metavar="WHAT", required=True
    )
    history = imports.add_parser(
        "open-repair", help="repair history in the Open Repair Data Standard (CSV, may be .gz)"
    )
    history.add_argument("file")
    history.add_argument("--station", default="", help="code of the station it belongs to; the first one by default")
    history.add_argument("--misfits", default="", help="write rows that do not fit to this CSV file")
    history.set_defaults(run=bring.open_repair)

    again = commands.add_parser(
        "erase-again", help="after restoring a backup: erase again every customer who had been erased since it was made"
    )
    again.add_argument("--list", default="", help="the list of erased customers; the one in the data folder by default")
    again.set_defaults(run=erasing.erase_again)
    commands.add_parser(
        "erased-list", help="write every erased customer into the list in the data folder, as hashes only"
    ).set_defaults(run=erasing.write_list)

    policy.add_to(commands)

    commands.add_parser("settings", help="every setting with its type, default and meaning").set_defaults(
        run=house.settings
    )
    manage = commands.add_parser("manage", help="Django's own commands, for developers", add_help=False)
    manage.add_argument("arguments", nargs="*")
    return parser
