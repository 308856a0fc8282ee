"""Similar cases among records of the Open Repair Data Standard, on whatever database is set.

python -m benchmarks.similar --file open_repair.csv.gz
python -m tools.postgres run -- python -m benchmarks.similar --file open_repair.csv.gz

Each question is the fault of one of the records, asked from an order of its category: whole requests of the panel, and the
read alone. The records are read from the file; none of them belongs to the product.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

STATION = "NJ"
LONGEST_FAULT = 300
"""What a counter writes down is shorter than what a volunteer tells afterwards."""
WARM = 10


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aftersales-similar-") as folder:
        os.environ["AFTERSALES_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.config.settings")
        _run(options.file, options.questions)


def _run(file: Path, count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    from aftersales.workshop import queries

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()
    person, actor = _house()
    seconds, records = _bring_in(file)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(person)
    orders = [queries.get_order(actor, number) for number in _ask(actor, file, count + WARM)]
    print(
        f"{connection.vendor}: {records:,} records brought in within {seconds:.0f} s; {count} questions, milliseconds"
    )
    found: list[int] = []

    def read(order: Any) -> None:
        found.append(queries.list_similar_cases(actor, order, most=8).tally.similar)

    def request(order: Any) -> None:
        answer = browser.get(reverse("workshop:similar", args=[order.number]), HTTP_HX_REQUEST="true")
        if answer.status_code != 200:
            raise SystemExit(f"{order.number}: {answer.status_code}")

    for name, act in (("read", read), ("whole request", request)):
        took = _measure(act, orders)
        p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        print(f"{name:<16} p50 {p50 * 1e3:6.1f}   p95 {p95 * 1e3:6.1f}   most {max(took) * 1e3:6.1f}")
    print(f"similar cases per question: {statistics.median(found):.0f} at the median, none for {found.count(0)}")


def _measure(act: Callable[[Any], None], orders: Sequence[Any]) -> list[float]:
    for order in orders[:WARM]:
        act(order)
    took = []
    for order in orders[WARM:]:
        started = time.perf_counter()
        act(order)
        took.append(time.perf_counter() - started)
    return took


def _house() -> tuple[Any, Any]:
    from aftersales.catalog import services as catalog
    from aftersales.core import clock
    from aftersales.core.actor import SYSTEM
    from aftersales.deadlines import services as deadlines
    from aftersales.staff import queries as staff, services as people
    from aftersales.staff.models import Person

    now = clock.now()
    deadlines.install_calendars(SYSTEM, now=now)
    catalog.install_profiles(SYSTEM, now=now)
    people.open_station(SYSTEM, code=STATION, name="城南服务站", trades=["electronics"], is_headquarters=False, now=now)
    made = people.register_person(SYSTEM, login="bench", name="王芳", station=STATION, duty="service_manager", now=now)
    person = Person.objects.get(pk=made.person.pk)
    return person, staff.actor_for(person, now=now)


def _bring_in(file: Path) -> tuple[float, int]:
    from aftersales.core import clock
    from aftersales.core.actor import SYSTEM
    from aftersales.workshop import services

    started = time.perf_counter()
    report = services.bring_in_past_repairs(
        SYSTEM, station=STATION, source="open-repair", rows=_rows(file), now=clock.now()
    )
    return time.perf_counter() - started, report.added


def _ask(actor: Any, file: Path, count: int) -> list[str]:
    """Orders with the faults of records spread evenly over the file, each of the record's own category."""
    from aftersales.catalog import queries as catalog
    from aftersales.core import clock
    from aftersales.workshop import services

    told = [row for row in _rows(file) if len((row["problem"] or "").split()) > 2]
    numbers = []
    for place, row in enumerate(told[:: len(told) // count][:count]):
        category = catalog.find_category_by_alias("electronics", row["product_category"] or "")
        code = category.code if category else "other"
        points = catalog.get_trade("electronics").condition_of(code)
        intake = services.Intake(
            phone=f"139{place:08d}",
            name="李雷",
            trade="electronics",
            category=code,
            condition={point.code: point.answers[0].code for point in points},
            is_reminded_of_valuables=True,
            model_text=f"{row['brand']} {place}",
            serial=f"S{place:09d}" if code != "phone" else _imei(place),
            fault=(row["problem"] or "")[:LONGEST_FAULT],
        )
        numbers.append(services.receive_order(actor, intake=intake, now=clock.now()).number)
    return numbers


def _imei(number: int) -> str:
    body = f"35{number:012d}"
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(body)]
    return body + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)


def _rows(file: Path) -> Iterator[Mapping[str, str | None]]:
    with file.open("rb") as raw:
        plain: Any = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw
        yield from csv.DictReader(io.TextIOWrapper(plain, encoding="utf-8-sig", newline=""))


if __name__ == "__main__":
    main()
