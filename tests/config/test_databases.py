from __future__ import annotations

import sqlite3

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from hypothesis import given, strategies as st

from aftersales.config.databases import database_settings, has_wal_reset_fix, sqlite_pragmas

versions = st.tuples(st.just(3), st.sampled_from([7, 43, 44, 45, 50, 51, 52]), st.integers(0, 9))


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),  # Debian 12
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 0), False),
        ((3, 46, 1), False),  # Debian 13
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_a_write_ahead_log_is_used_only_where_sqlite_does_not_lose_it(version, is_safe):
    assert has_wal_reset_fix(version) is is_safe
    assert ("journal_mode=WAL" in sqlite_pragmas(version)) is is_safe
    assert ("journal_mode=TRUNCATE" in sqlite_pragmas(version)) is not is_safe


@given(versions)
def test_every_commit_reaches_the_disk_whatever_the_version(version):
    pragmas = sqlite_pragmas(version)
    assert "synchronous=FULL" in pragmas
    assert "NORMAL" not in pragmas
    assert "mmap" not in pragmas


@given(versions)
def test_a_version_with_the_fix_keeps_it_in_its_branch(version):
    if has_wal_reset_fix(version):
        assert has_wal_reset_fix((version[0], version[1], version[2] + 1))


@pytest.fixture
def opened(db, tmp_path):
    """A real file, opened the way the product opens it."""
    settings = {**connection.settings_dict, **database_settings(f"sqlite:///{tmp_path}/shop.sqlite3", tmp_path)}
    database = DatabaseWrapper(settings, "default")
    yield database
    database.close()


def pragma(database, name):
    with database.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


def test_what_the_settings_ask_for_is_in_force_on_a_real_file(opened):
    expected = "wal" if has_wal_reset_fix(sqlite3.sqlite_version_info) else "truncate"
    assert pragma(opened, "journal_mode") == expected
    assert pragma(opened, "synchronous") == 2  # FULL
    assert pragma(opened, "foreign_keys") == 1
    assert pragma(opened, "mmap_size") == 0
    assert pragma(opened, "busy_timeout") == 20_000


def test_a_file_that_another_sqlite_left_in_wal_mode_is_taken_out_of_it(opened, tmp_path):
    with sqlite3.connect(tmp_path / "shop.sqlite3") as other:
        assert other.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal"
        other.execute("CREATE TABLE kept (id integer)")
    other.close()
    expected = "wal" if has_wal_reset_fix(sqlite3.sqlite_version_info) else "truncate"
    assert pragma(opened, "journal_mode") == expected
    with opened.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM kept").fetchone()[0] == 0


def test_a_transaction_takes_the_writers_place_at_its_beginning(opened):
    opened.cursor().execute("CREATE TABLE kept (id integer)")
    opened.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    opened.cursor().execute("SELECT * FROM kept")
    other = sqlite3.connect(opened.settings_dict["NAME"], timeout=0)
    try:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO kept VALUES (1)")
    finally:
        other.close()
        opened.rollback()
        opened.set_autocommit(True)


def test_no_address_means_sqlite_in_the_data_folder(tmp_path):
    assert database_settings("", tmp_path)["NAME"] == str(tmp_path / "aftersales.sqlite3")
    assert database_settings("sqlite:///", tmp_path)["NAME"] == str(tmp_path / "aftersales.sqlite3")
    assert database_settings("sqlite:////srv/shop.db", tmp_path)["NAME"] == "/srv/shop.db"
    assert database_settings("sqlite:///shop.db", tmp_path)["NAME"] == "shop.db"
    assert database_settings("", tmp_path)["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_of_postgresql_is_taken_apart(tmp_path):
    url = "postgresql://shop:p%40ss%2Fword@db.example:5433/after%20sales?sslmode=verify-full&connect_timeout=2"
    found = database_settings(url, tmp_path)
    assert found["ENGINE"].endswith("postgresql")
    assert (found["USER"], found["PASSWORD"]) == ("shop", "p@ss/word")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "after sales")
    assert found["OPTIONS"] == {"sslmode": "verify-full", "connect_timeout": "2"}
    assert found["CONN_HEALTH_CHECKS"] is True


def test_a_socket_is_named_in_the_query(tmp_path):
    found = database_settings("postgres://shop@/after?host=%2Frun%2Fpg&port=6000", tmp_path)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/pg", "6000", "after")
    assert found["OPTIONS"] == {"connect_timeout": "5"}


@pytest.mark.django_db
def test_the_database_in_use_keeps_its_promises():
    """Asked of the database these tests run on, so of both in turn."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
            assert cursor.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        else:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone()[0] == "read committed"
            cursor.execute("SHOW standard_conforming_strings")
            assert cursor.fetchone()[0] == "on"
