import os
import sys
from pathlib import Path

import pytest

from tools import postgres

SHOW = """
import os, pathlib, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    row = connection.execute("select current_setting('listen_addresses'), current_setting('data_directory')").fetchone()
pathlib.Path(os.environ["SEEN"]).write_text("|".join(row))
raise SystemExit(5)
"""


@pytest.fixture
def programs():
    try:
        return postgres.find_programs()
    except postgres.NoPostgresError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(postgres.MISSING)


def test_a_command_gets_a_cluster_of_its_own_that_is_gone_afterwards(programs, tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    monkeypatch.setenv("SEEN", str(seen))
    assert postgres.run([sys.executable, "-c", SHOW], durable=False) == 5
    addresses, data = seen.read_text().split("|")
    assert addresses == ""
    assert not Path(data).parent.exists()


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch, capsys):
    def find_nothing():
        raise postgres.NoPostgresError

    monkeypatch.setattr(postgres, "find_programs", find_nothing)
    monkeypatch.setattr(sys, "argv", ["postgres.py", "run", "--", "true"])
    monkeypatch.setenv("CI", "true")
    assert postgres.main() == 1
    assert "apt-get install postgresql-15" in capsys.readouterr().err
