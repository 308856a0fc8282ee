"""Making and keeping an installation."""

from __future__ import annotations

import argparse
import sys

import django


def init(options: argparse.Namespace) -> int:
    """Make a real installation and print the first manager's sign-in link; nothing is made twice."""
    django.setup()
    from django.conf import settings
    from django.urls import reverse

    from aftersales.catalog import services as catalog
    from aftersales.core import clock
    from aftersales.core.actor import SYSTEM
    from aftersales.core.errors import Refused
    from aftersales.deadlines import services as deadlines
    from aftersales.staff import services as staff

    migrate(options)
    now = clock.now()
    deadlines.install_calendars(SYSTEM, now=now)
    catalog.install_profiles(SYSTEM, now=now)
    asked = {
        "station_name": options.station_name or _ask("Name of the first station: "),
        "name": options.manager or _ask("Name of the first manager: "),
        "login": options.login or _ask("The manager signs in as: "),
    }
    trades = tuple(trade.strip() for trade in options.trades.split(",") if trade.strip())
    try:
        first = staff.create_first_manager(
            station=options.station_code, trades=trades, duty="service_manager", now=now, **asked
        )
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print("Installed. The first manager chooses a password here, within three days:")
    print(f"  {settings.PUBLIC_URL}{reverse('staff:open_invitation', args=[first.token])}")
    return 0


def migrate(_options: argparse.Namespace) -> int:
    """Bring the database up to date."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    return 0


def demo(options: argparse.Namespace) -> int:
    """Load the demonstration data, with progress; does nothing when there are orders already."""
    migrate(options)
    from aftersales.config.demo import load_demo

    load_demo(report=print)
    return 0


def settings(_options: argparse.Namespace) -> int:
    """Print every setting an installation may choose."""
    from aftersales.config.environment import PREFIX, Environment

    for name, field in Environment.model_fields.items():
        variable = str(field.validation_alias or f"{PREFIX}{name.upper()}")
        print(f"{variable}\n    {field.description} (default: {field.default!r})")
    return 0


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        sys.exit(f"Missing: {question.rstrip(': ')}. Give it as an option; see aftersales init --help.")
    return input(question).strip()
