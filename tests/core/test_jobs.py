from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time as clock_time
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from aftersales.core import jobs, transaction, worker
from aftersales.core.jobs import queue, registry, schedules
from aftersales.core.models import JobProgress, JobSchedule, NumberSeries, WorkerBeat

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def no_other_jobs(monkeypatch):
    monkeypatch.setattr(registry, "_jobs", {})


@pytest.fixture
def calls():
    """A job `note` that remembers how it was called."""
    made: list[tuple[dict, datetime]] = []

    @jobs.job("note", attempts=3)
    def note(payload, now):
        made.append((payload, now))

    return made


def run_all(now: datetime = NOW) -> int:
    count = 0
    while jobs.run_next(now, worker_id="w1"):
        count += 1
    return count


@pytest.mark.django_db
def test_a_job_runs_once_with_its_payload_and_the_time(calls):
    job_id = jobs.enqueue("note", payload={"order": "RO-1"}, now=NOW)
    assert jobs.get_state(job_id).state == "READY"
    assert run_all(NOW + SECOND) == 1
    assert calls == [({"order": "RO-1"}, NOW + SECOND)]
    assert run_all(NOW + SECOND) == 0
    assert jobs.get_state(job_id).state == "SUCCESSFUL"


@pytest.mark.django_db
def test_rollback_takes_the_job_back(calls):
    with transaction.atomic():
        jobs.enqueue("note", now=NOW)
        transaction.undo_all()
    assert run_all() == 0
    assert calls == []


@pytest.mark.django_db
def test_a_job_waits_for_its_time(calls):
    jobs.enqueue("note", now=NOW, run_at=NOW + timedelta(hours=1))
    assert run_all(NOW + timedelta(minutes=59)) == 0
    assert run_all(NOW + timedelta(hours=1)) == 1


@pytest.mark.django_db
def test_the_same_key_is_one_job(calls):
    first = jobs.enqueue("note", now=NOW, key="RO-1")
    assert jobs.enqueue("note", now=NOW, key="RO-1") == first
    assert jobs.enqueue("note", now=NOW, key="RO-2") != first
    assert run_all() == 2
    jobs.enqueue("note", now=NOW, key="RO-1")
    assert run_all() == 0


def test_a_job_that_does_not_exist_cannot_be_enqueued():
    with pytest.raises(LookupError):
        jobs.enqueue("nothing", now=NOW)


def test_two_jobs_cannot_have_one_name(calls):
    with pytest.raises(ValueError, match="two jobs"):
        jobs.job("note")(lambda payload, now: None)


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_after_growing_pauses_and_then_parked():
    tried = []

    @jobs.job("fail", attempts=3)
    def fail(payload, now):
        tried.append(now)
        raise ValueError("no such luck")

    job_id = jobs.enqueue("fail", payload={"a": 1}, now=NOW)
    at = NOW
    for pause in (10, 40):
        assert run_all(at) == 1
        assert run_all(at + timedelta(seconds=pause - 1)) == 0
        at += timedelta(seconds=pause + 1)
    assert jobs.list_parked() == []
    assert run_all(at) == 1
    assert run_all(at + timedelta(days=30)) == 0
    assert len(tried) == 3
    (parked,) = jobs.list_parked()
    assert (parked.job_id, parked.name, parked.payload, parked.attempts) == (job_id, "fail", {"a": 1}, 3)
    assert "no such luck" in parked.error
    assert jobs.count_jobs(at).parked == 1


@pytest.mark.django_db
def test_a_parked_job_can_be_resumed_and_starts_anew(calls):
    @jobs.job("fail", attempts=1)
    def fail(payload, now):
        calls.append(payload)
        if len(calls) == 1:
            raise ValueError

    job_id = jobs.enqueue("fail", now=NOW)
    run_all()
    assert jobs.resume(job_id, now=NOW) is True
    assert run_all() == 1
    assert jobs.get_state(job_id).state == "SUCCESSFUL"
    assert jobs.resume(job_id, now=NOW) is False


@pytest.mark.django_db
def test_what_a_failed_job_wrote_is_undone():
    @jobs.job("half")
    def half(payload, now):
        NumberSeries.objects.create(prefix="T", scope="half", year=2026)
        raise ValueError

    jobs.enqueue("half", now=NOW)
    run_all()
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_a_job_taken_over_by_another_worker_does_not_count_twice():
    @jobs.job("slow")
    def slow(payload, now):
        NumberSeries.objects.create(prefix="T", scope="slow", year=2026)
        DBTaskResult.objects.update(started_at=now + SECOND)  # as if meanwhile another worker had claimed it

    jobs.enqueue("slow", now=NOW)
    run_all()
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_pauses_grow_up_to_six_hours():
    assert [queue.pause_after(n).total_seconds() for n in (1, 2, 3, 4)] == [10, 40, 160, 640]
    assert queue.pause_after(100) == timedelta(hours=6)


@pytest.mark.django_db
def test_the_job_due_longest_comes_first(calls):
    jobs.enqueue("note", payload={"n": 2}, now=NOW + SECOND)
    jobs.enqueue("note", payload={"n": 1}, now=NOW)
    run_all(NOW + 2 * SECOND)
    assert [payload["n"] for payload, _now in calls] == [1, 2]


@pytest.mark.django_db
def test_jobs_of_a_silent_worker_are_taken_up_and_those_of_a_living_one_are_not(calls):
    jobs.enqueue("note", now=NOW)
    worker.beat("w1", NOW)
    assert queue._claim(NOW, "w1") is not None
    assert jobs.reap(NOW + 59 * SECOND) == 0
    assert jobs.reap(NOW + 61 * SECOND) == 1
    assert run_all(NOW + 61 * SECOND) == 1
    assert len(calls) == 1


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_parked(calls):
    jobs.enqueue("note", now=NOW)
    for _attempt in range(3):
        assert queue._claim(NOW, "gone") is not None
        assert jobs.reap(NOW) == 1
    assert "fell silent" in jobs.list_parked()[0].error
    assert run_all() == 0


@pytest.mark.django_db
def test_an_idle_worker_takes_up_what_it_could_not_hand_back(calls):
    jobs.enqueue("note", now=NOW)
    worker.beat("w1", NOW)
    queue._claim(NOW, "w1")
    assert jobs.reap(NOW, worker_id="w1") == 1


@pytest.mark.django_db
def test_a_job_without_code_is_tried_again_later(calls, monkeypatch):
    job_id = jobs.enqueue("note", now=NOW)
    monkeypatch.setattr(registry, "_jobs", {})
    assert run_all() == 1
    assert jobs.get_state(job_id).state == "READY"


@pytest.mark.django_db
def test_the_queue_tells_how_it_stands(calls):
    jobs.enqueue("note", now=NOW)
    jobs.enqueue("note", now=NOW, run_at=NOW + timedelta(days=1))
    worker.beat("w1", NOW)
    assert jobs.count_jobs(NOW + timedelta(minutes=6)) == jobs.Health(
        waiting=2, running=0, parked=0, oldest_wait=timedelta(minutes=6), workers=0
    )
    assert jobs.count_jobs(NOW).workers == 1


# Recurring jobs


@pytest.mark.django_db
def test_an_interval_is_enqueued_once_each_time_and_does_not_drift():
    made = []
    jobs.job("tick", every=timedelta(minutes=5))(lambda payload, now: made.append(now))
    for second in range(0, 16 * 60, 7):
        jobs.run_schedules(NOW + second * SECOND)
        run_all(NOW + second * SECOND)
    assert [round((now - NOW).total_seconds() / 60) for now in made] == [0, 5, 10, 15]


@pytest.mark.django_db
def test_two_workers_with_the_same_view_of_the_clock_enqueue_once(calls):
    job = registry.Job("note", lambda payload, now: None, 5, timedelta(minutes=5), None, True)
    jobs.run_schedules(NOW)
    row = JobSchedule.objects.create(name="note", next_run_at=NOW)
    assert schedules._run_if_due(job, row, NOW) is True
    assert schedules._run_if_due(job, row, NOW) is False
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_missed_times_count_as_one():
    made = []
    jobs.job("tick", every=timedelta(minutes=5))(lambda payload, now: made.append(now))
    jobs.run_schedules(NOW)
    assert jobs.run_schedules(NOW + timedelta(days=1)) == 1
    run_all(NOW + timedelta(days=1))
    assert jobs.run_schedules(NOW + timedelta(days=1) + SECOND) == 0


@pytest.mark.django_db
def test_a_time_that_comes_while_the_last_job_is_open_is_passed_over():
    jobs.job("tick", every=timedelta(minutes=5))(lambda payload, now: None)
    jobs.run_schedules(NOW)
    assert jobs.run_schedules(NOW) == 1
    assert jobs.run_schedules(NOW + timedelta(minutes=5)) == 0
    run_all(NOW + timedelta(minutes=6))
    assert jobs.run_schedules(NOW + timedelta(minutes=10)) == 1


@pytest.mark.django_db
def test_a_time_of_day_is_local(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    made = []
    jobs.job("nightly", at=time(3, 30))(lambda payload, now: made.append(now))
    jobs.run_schedules(NOW)  # ten in the morning
    assert JobSchedule.objects.get().next_run_at == datetime(2026, 5, 20, 19, 30, tzinfo=UTC)
    assert jobs.run_schedules(datetime(2026, 5, 20, 19, 29, tzinfo=UTC)) == 0
    assert jobs.run_schedules(datetime(2026, 5, 20, 19, 30, tzinfo=UTC)) == 1
    assert JobSchedule.objects.get().next_run_at == datetime(2026, 5, 21, 19, 30, tzinfo=UTC)


def test_a_time_of_day_is_kept_when_clocks_change(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    job = registry.Job("nightly", lambda payload, now: None, 5, None, time(2, 30), True)
    at, runs = datetime(2026, 10, 24, 12, tzinfo=UTC), []
    for _day in range(3):
        at = schedules.next_run(job, after=at)
        runs.append(at)
    assert [run.isoformat() for run in runs] == [
        "2026-10-25T00:30:00+00:00",
        "2026-10-26T01:30:00+00:00",
        "2026-10-27T01:30:00+00:00",
    ]


@pytest.mark.django_db
def test_a_shorter_interval_in_the_code_holds_at_once():
    jobs.job("tick", every=timedelta(minutes=5))(lambda payload, now: None)
    JobSchedule.objects.create(name="tick", next_run_at=NOW + timedelta(days=1))
    jobs.run_schedules(NOW)
    assert JobSchedule.objects.get().next_run_at == NOW + timedelta(minutes=5)


def test_a_job_recurs_in_one_way_only():
    with pytest.raises(ValueError, match="not both"):
        jobs.job("x", every=timedelta(days=1), at=time(3))


# Progress


@pytest.mark.django_db
def test_a_long_job_tells_its_progress_and_stops_when_asked():
    seen = []

    @jobs.job("long", in_one_transaction=False)
    def long(payload, now):
        seen.extend(jobs.progress(done, 10, now=now) for done in (1, 2, 10))

    job_id = jobs.enqueue("long", now=NOW)
    run_all()
    assert seen == [True, True, True]
    state = jobs.get_state(job_id)
    assert (state.done, state.total, state.state, state.is_stop_requested) == (10, 10, "SUCCESSFUL", False)

    job_id = jobs.enqueue("long", now=NOW)
    jobs.request_stop(job_id, now=NOW)
    run_all()
    assert seen[3] is False
    assert jobs.get_state(job_id).is_stop_requested


@pytest.mark.django_db(transaction=True)
def test_progress_in_the_middle_of_a_transaction_is_seen_from_outside_and_the_wish_to_stop_gets_in():
    seen = []

    @jobs.job("whole", attempts=1)
    def whole(payload, now):
        assert connection.in_atomic_block
        seen.append(jobs.progress(3, 10, now=now))
        seen.append(jobs.get_state(job_id).done)
        jobs.request_stop(job_id, now=now)
        seen.append(jobs.progress(10, 10, now=now))

    job_id = jobs.enqueue("whole", now=NOW)
    run_all()
    assert seen == [True, 3, False]
    assert jobs.get_state(job_id).is_stop_requested
    assert jobs.get_state(job_id).state == "SUCCESSFUL"


@pytest.mark.django_db
def test_outside_a_job_progress_is_not_told():
    assert jobs.progress(1, 2, now=NOW) is True
    assert not JobProgress.objects.exists()


@pytest.mark.django_db
def test_what_was_done_long_ago_is_forgotten_and_parked_jobs_are_kept(calls):
    jobs.job("fail", attempts=1)(lambda payload, now: 1 / 0)
    jobs.enqueue("note", now=NOW)
    jobs.enqueue("fail", now=NOW)
    run_all()
    assert queue.purge(before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert queue.purge(before=datetime.now(UTC) + timedelta(days=1)) == 1
    assert len(jobs.list_parked()) == 1


@pytest.mark.django_db
def test_each_night_what_nobody_needs_is_cleared_away(settings, tmp_path, calls):
    settings.MEDIA_ROOT = tmp_path
    jobs.enqueue("note", now=NOW)
    run_all()
    worker.beat("gone", NOW)
    JobProgress.objects.create(job_id=uuid4(), updated_at=NOW)
    orphan = tmp_path / "photos" / "ab" / "abc.jpg"
    orphan.parent.mkdir(parents=True)
    orphan.touch()
    later = datetime.now(UTC) + timedelta(days=40)
    worker.forget({}, later)
    worker.clear_photos({}, later)
    assert not DBTaskResult.objects.exists()
    assert not WorkerBeat.objects.exists()
    assert not JobProgress.objects.exists()
    assert not orphan.exists()


@pytest.mark.django_db
def test_one_broken_thing_does_not_stop_the_others(calls, monkeypatch):
    def broken(_now, **_options):
        raise RuntimeError

    monkeypatch.setattr(jobs, "run_schedules", broken)
    monkeypatch.setattr(worker.outbox, "deliver_due", broken)
    jobs.enqueue("note", now=NOW)
    assert worker.Worker().take_turn(NOW) is True
    assert len(calls) == 1


@pytest.mark.django_db
def test_a_worker_beats_and_departs():
    worker.beat("w1", NOW)
    worker.beat("w1", NOW + SECOND)
    row = WorkerBeat.objects.get()
    assert (row.started_at, row.beat_at) == (NOW, NOW + SECOND)
    worker.depart("w1")
    assert not WorkerBeat.objects.exists()


# Workers in processes of their own, so that they can be killed


class Outside:
    """A database that other processes can open, with the tables (and rows) of the test database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self.environment = {**os.environ, "AFTERSALES_DATA_DIR": str(folder), "DATABASE_URL": self._address(folder)}
        self.environment.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.config.settings")

    def _address(self, folder: Path) -> str:
        if connection.vendor == "sqlite":
            path = folder / "worker.sqlite3"
            with sqlite3.connect(path) as copy:
                connection.connection.backup(copy)
            return f"sqlite:///{path}"
        known = connection.settings_dict
        place = {"host": known["HOST"], "port": known["PORT"], **known["OPTIONS"]}
        query = urlencode({name: value for name, value in place.items() if value})
        return f"postgresql://{quote(known['USER'])}:{quote(known['PASSWORD'])}@/{known['NAME']}?{query}"

    def start(self, verb: str) -> subprocess.Popen:
        script = Path(__file__).with_name("worker_process.py")
        process = subprocess.Popen(
            [sys.executable, str(script), verb, str(self.folder)],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def report(self, verb: str = "report") -> dict:
        output, _errors = self.start(verb).communicate(timeout=60)
        return json.loads(output.splitlines()[-1])

    def wait_for(self, sign: str) -> None:
        end = clock_time.monotonic() + 30
        while not (self.folder / sign).exists():
            assert clock_time.monotonic() < end, f"the worker never came to {sign}"
            clock_time.sleep(0.05)


@pytest.fixture
def outside(transactional_db, tmp_path, calls):
    made: list[Outside] = []

    def opened(*names: str) -> Outside:
        for name in names:
            jobs.job(name)(lambda payload, now: None)
            jobs.enqueue(name, now=NOW)
        connection.ensure_connection()
        made.append(Outside(tmp_path))
        return made[-1]

    yield opened
    for each in made:
        for process in each.processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize(("name", "effects"), [("whole", 1), ("parts", 2)])
def test_a_job_whose_worker_is_killed_is_taken_up_by_another(outside, name, effects):
    world = outside(f"test.{name}")
    victim = world.start("work")
    world.wait_for(name)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    before = world.report()
    assert [f"test.{name}", "RUNNING", 1] in before["jobs"]
    assert before["numbers"].get("whole") is None  # what was not committed is gone
    after = world.report("later")
    assert [f"test.{name}", "SUCCESSFUL", 2] in after["jobs"]
    assert after["numbers"][name] == effects


def test_a_worker_told_to_end_finishes_its_job_first(outside):
    world = outside("test.short")
    process = world.start("work")
    world.wait_for("short")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    state = world.report()
    assert ["test.short", "SUCCESSFUL", 1] in state["jobs"]
    assert state["numbers"]["short"] == 1
    assert state["workers"] == 0


def test_two_workers_do_each_job_once_and_each_due_time_once(outside):
    world = outside(*["test.count"] * 40)
    workers = [world.start("work_off") for _each in range(2)]
    (world.folder / "go").touch()
    for process in workers:
        assert process.wait(timeout=60) == 0
    state = world.report()
    assert state["numbers"]["count"] == 40
    counted = [job for job in state["jobs"] if job[0] == "test.count"]
    assert counted == [["test.count", "SUCCESSFUL", 1]] * 40
    assert [job for job in state["jobs"] if job[0] == "test.hourly"] == [["test.hourly", "SUCCESSFUL", 1]]
    assert state["numbers"]["hourly"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_loop_works_and_ends_when_told(calls, monkeypatch):
    monkeypatch.setattr(worker, "autodiscover_modules", lambda *names: None)
    stop = threading.Event()
    jobs.job("stop")(lambda payload, now: stop.set())
    jobs.enqueue("stop", now=NOW)
    worker.run_worker(stop, interval=0.01)
    assert not WorkerBeat.objects.exists()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
