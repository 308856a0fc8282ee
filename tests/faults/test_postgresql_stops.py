"""PostgreSQL stopped in the middle of work: 503 with the cause in the log, and all goes on when it is back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.servers import Customers
from tools import postgres


@pytest.fixture
def cluster(transactional_db):
    """A cluster of our own that keeps what it acknowledges, with the tables of the test database."""
    try:
        made = postgres.new_cluster(durable=True)
    except postgres.NoPostgresError:
        if os.environ.get("CI") == "true":
            pytest.fail(postgres.MISSING)
        pytest.skip(postgres.MISSING)
    try:
        _copy_tables(made)
        yield made
    finally:
        made.stop()


def _copy_tables(cluster):
    known = connection.settings_dict
    there = ["-h", known["HOST"], "-U", known["USER"], *(["-p", known["PORT"]] if known["PORT"] else [])]
    dump = subprocess.run(
        [Path(cluster.programs) / "pg_dump", *there, "--no-owner", known["NAME"]],
        env={**os.environ, "PGPASSWORD": known["PASSWORD"]}, capture_output=True, check=True,
    )  # fmt: skip
    subprocess.run(
        [Path(cluster.programs) / "psql", "-q", "-h", cluster.home, "-U", postgres.ROLE, "-d", postgres.DATABASE,
         "-v", "ON_ERROR_STOP=1"],
        input=dump.stdout, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


def stop(cluster):
    """Pull the plug: no connection is ended in good order."""
    cluster.call("pg_ctl", "-D", str(cluster.data), "-w", "-s", "-m", "immediate", "stop")


def start_again(cluster):
    """With the options it was started with before."""
    log = str(Path(cluster.home) / "log")
    cluster.call("pg_ctl", "-D", str(cluster.data), "-w", "-s", "-t", "60", "-l", log, "restart")


def test_a_stopped_database_is_said_and_nothing_acknowledged_is_lost(serve, cluster, ledger):
    server = serve(cluster.url())
    with Customers(server) as customers:
        server.wait_until(lambda: len(customers.acknowledged) > 20)
        stop(cluster)
        server.wait_until(lambda: len(customers.refused) > 20)

        away = server.get("/probe/see/")
        assert (away.status, away.headers["retry-after"]) == (503, "5")
        assert "wait a little and send it again" in away.text
        assert server.get("/health/").status == 503

        standing = len(customers.acknowledged)
        start_again(cluster)
        server.wait_until(lambda: len(customers.acknowledged) > standing + 20, within=10)
    assert {answer.status for answer in customers.refused} == {503}
    assert {answer.headers.get("retry-after") for answer in customers.refused} == {"5"}
    assert "database unavailable" in server.log.read_text()
    assert server.get("/probe/see/").status == 200
    sent = customers.acknowledged
    assert sorted(ledger(cluster.url())) == sorted(sent.items())
    assert sorted(sent.values()) == [f"T-TEST-2026-{number:06d}" for number in range(1, len(sent) + 1)]
