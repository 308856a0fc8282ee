from __future__ import annotations

import fcntl
import time
from pathlib import Path

import pytest
from django.db import connection

from aftersales.core import transaction
from aftersales.core.models import NumberSeries
from tests.faults.databases import at_once

on_sqlite = connection.vendor == "sqlite"


def write(scope):
    NumberSeries.objects.create(prefix="T", scope=scope, year=2026)


def written():
    return set(NumberSeries.objects.filter(prefix="T").values_list("scope", flat=True))


@transaction.act
def write_and_fail(scope):
    write(scope)
    raise RuntimeError(scope)


@pytest.mark.django_db
def test_an_act_that_succeeds_is_written_and_gives_its_result():
    @transaction.act
    def do(scope, *, twice):
        """Says what it does."""
        write(scope)
        return scope * twice

    assert do("A", twice=2) == "AA"
    assert do.__doc__ == "Says what it does."
    assert written() == {"A"}


@pytest.mark.django_db
def test_an_act_that_fails_leaves_nothing():
    with pytest.raises(RuntimeError):
        write_and_fail("A")
    assert written() == set()


@pytest.mark.django_db
def test_an_inner_act_that_fails_can_be_survived_by_the_outer_one():
    @transaction.act
    def outer():
        write("OUTER")
        with pytest.raises(RuntimeError):
            write_and_fail("INNER")
        write("AFTER")

    outer()
    assert written() == {"OUTER", "AFTER"}


@pytest.mark.django_db
def test_an_outer_act_that_fails_takes_its_inner_acts_with_it():
    @transaction.act
    def outer():
        transaction.act(write)("INNER")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outer()
    assert written() == set()


@pytest.mark.django_db
def test_an_act_can_be_undone_without_failing():
    with transaction.atomic():
        write("A")
        transaction.undo_all()
    assert written() == set()


def test_undoing_outside_an_act_is_nothing(shared_database):
    write("A")
    transaction.undo_all()
    assert written() == {"A"}


def test_the_next_writer_sees_what_the_last_one_left(shared_database):
    """Reading, thinking and writing back without losing a step is what an act is for."""
    write("SUM")

    @transaction.act
    def add_one():
        row = NumberSeries.objects.select_for_update().get(scope="SUM")
        seen = row.last
        time.sleep(0.002)
        row.last = seen + 1
        row.save()

    def add_many():
        for _each in range(10):
            add_one()

    assert at_once(*[add_many] * 8) == [None] * 8
    assert NumberSeries.objects.get(scope="SUM").last == 80


def test_no_writer_starves_while_others_write(shared_database):
    """Eight writers without pause: each gets its turns, nobody waits for a second."""
    waits = []

    def keep_writing(name):
        for number in range(15):
            before = time.monotonic()
            with transaction.atomic():
                waits.append(time.monotonic() - before)
                write(f"{name}-{number}")

    assert at_once(*[lambda name=name: keep_writing(name) for name in "ABCDEFGH"]) == [None] * 8
    assert len(written()) == 120
    assert max(waits) < 5


def test_two_acts_at_once_are_both_whole_or_not_there(shared_database):
    def succeed(name):
        @transaction.act
        def both():
            write(f"{name}1")
            time.sleep(0.005)
            write(f"{name}2")

        both()

    def fail(name):
        with pytest.raises(RuntimeError):
            write_and_fail(name)

    acts = [lambda name=name: succeed(name) for name in "ABC"] + [lambda name=name: fail(name) for name in "XYZ"]
    assert at_once(*acts) == [None] * 6
    assert written() == {"A1", "A2", "B1", "B2", "C1", "C2"}


def test_on_sqlite_writers_queue_at_a_lock_and_readers_do_not(shared_database):
    path = Path(f"{connection.settings_dict['NAME']}.turn")
    if not on_sqlite:
        with transaction.atomic():
            write("A")
        assert not path.exists()
        return
    order = []

    def hold():
        with transaction.atomic(), path.open("w") as file, pytest.raises(BlockingIOError):
            order.append("in")
            time.sleep(0.3)
            write("A")
            order.append("out")
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # taken already

    def read():
        time.sleep(0.1)
        NumberSeries.objects.count()
        order.append("read")

    def wait():
        time.sleep(0.1)
        with transaction.atomic():
            order.append("next")

    assert at_once(hold, read, wait) == [None] * 3
    assert order == ["in", "read", "out", "next"]
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody holds it any more


def test_a_writer_that_fails_gives_the_turn_on(shared_database):
    with pytest.raises(RuntimeError):
        write_and_fail("A")
    transaction.act(write)("B")
    assert at_once(lambda: transaction.act(write)("C")) == [None]
    assert written() == {"B", "C"}
