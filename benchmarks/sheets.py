"""Tables in and out: how long the worker takes for so many rows, and how much memory.

    make bench WHAT=sheets ARGS="--rows 100000"

Each row is a customer who is new, with a telephone and an address, and his unit with a serial number. The database is made for
this and thrown away; for PostgreSQL run it by `python -m tools.postgres run -- python -m benchmarks.sheets`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍毅浩宇轩博文子涵欣怡梓萱一诺然思远雨桐嘉懿煜城烨苑泽熠彤鸿霖华祺智宸正豪昊立峻弘哲瀚鑫鹏睿"
HEADS = ["姓名", "手机", "地址", "品牌", "机型", "串号", "类别", "购买日期", "备注"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aftersales-bench-") as folder:
        os.environ["AFTERSALES_DATA_DIR"] = folder
        os.environ["AFTERSALES_LANGUAGE"] = "zh-hans"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.config.settings")
        _run(options.rows, Path(folder))


def _run(rows: int, folder: Path) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("handlers", "web.exports", "web.imports")
    _alone(_found)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}")
    print(f"{rows:,} rows: a customer with telephone and address, and his unit\n")
    print(f"{'':<34}{'seconds':>9}{'processor':>11}{'rows/s':>10}{'MiB':>8}")
    _line("write the table to be imported", rows, _alone(_write_table, folder / "in.xlsx", rows))
    _line("send it (read and looked at)", rows, _alone(_send, folder / "in.xlsx"))
    _line("check", rows, _alone(_check))
    took, waited = _beside_a_writer(_import)
    _line("import", rows, took)
    print(f"{'  longest wait of another writer':<34}{waited:>9.1f}", flush=True)
    _line("send the same again", rows, _alone(_send, folder / "in.xlsx"))
    _line("check: nothing to do", rows, _alone(_check))
    for form in ("xlsx", "csv"):
        for code in ("customers:customers", "customers:units"):
            _line(f"export {code.partition(':')[2]} as {form}", rows, _alone(_export, code, form))


def _alone(work: Callable[..., Any], *arguments: Any) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and MiB, that the work takes in a process of its own, its reader included."""
    from django.db import connection

    connection.close()
    queue: Any = multiprocessing.get_context("fork").Queue()

    def measured() -> None:
        started, cpu = time.perf_counter(), time.process_time()
        work(*arguments)
        used, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        memory = used.ru_maxrss + children.ru_maxrss
        processor = time.process_time() - cpu + children.ru_utime + children.ru_stime
        queue.put((time.perf_counter() - started, processor, memory // 1024))

    process = multiprocessing.get_context("fork").Process(target=measured)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return queue.get()


def _beside_a_writer(work: Callable[[], None]) -> tuple[tuple[float, float, int], float]:
    """What the work takes alone, and the most seconds that somebody waited who wrote a small act every half second meanwhile."""
    from django.db import connection

    connection.close()
    context: Any = multiprocessing.get_context("fork")
    over, waits = context.Event(), context.Queue()
    writer = context.Process(target=_keep_writing, args=(over, waits))
    writer.start()
    took = _alone(work)
    over.set()
    longest: float = waits.get()
    writer.join()
    return took, longest


def _keep_writing(over: Any, waits: Any) -> None:
    from aftersales.core import clock, journal, transaction

    clerk, longest = _clerk(), 0.0
    while not over.wait(0.5):
        began = time.perf_counter()
        with transaction.atomic():
            journal.record(clerk, at=clock.now(), act="edit", kind="bench", key="1")
        longest = max(longest, time.perf_counter() - began)
    waits.put(longest)


def _line(name: str, rows: int, took: tuple[float, float, int]) -> None:
    seconds, processor, memory = took
    print(f"{name:<34}{seconds:>9.1f}{processor:>11.1f}{rows / seconds:>10,.0f}{memory:>8}", flush=True)


def _found() -> None:
    from django.core.management import call_command

    from aftersales.catalog import services as catalog
    from aftersales.core import clock
    from aftersales.core.actor import SYSTEM
    from aftersales.staff import services as staff

    call_command("migrate", verbosity=0)
    now = clock.now()
    catalog.install_profiles(SYSTEM, now=now)
    staff.open_station(SYSTEM, code="HQ", name="总部", trades=["electronics"], is_headquarters=True, now=now)
    staff.register_person(SYSTEM, login="clerk", name="方慧", station="HQ", duty="service_manager", now=now)


def _clerk() -> Any:
    from aftersales.core import clock
    from aftersales.core.actor import find_actor
    from aftersales.staff.models import Person

    return find_actor(Person.objects.get(login="clerk").pk, now=clock.now())


def _rows(count: int) -> Iterator[list[object]]:
    from datetime import date, timedelta

    dice = random.Random(20261125)
    for number in range(count):
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))
        phone = f"1{dice.choice('35789')}{number:09d}"
        day = date(2024, 1, 1) + timedelta(days=number % 900)
        yield [
            name, phone, f"南京市鼓楼区中山路{number % 3000}号{number % 40}室", "联想", f"小新 {number % 40}", f"SN{number:010d}", "笔记本电脑", day,
            "老客户" if number % 9 == 0 else "",
        ]  # fmt: skip


def _write_table(path: Path, rows: int) -> None:
    from aftersales.core.sheets import writing

    writing.write_xlsx(path, title="客户与机器", heads=HEADS, rows=_rows(rows))


def _send(path: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import translation

    from aftersales.core import clock
    from aftersales.exchange import services

    with translation.override("zh-hans"):
        upload = SimpleUploadedFile("客户与机器.xlsx", path.read_bytes())
        services.keep_table(_clerk(), code="units", upload=upload, once=f"bench-{time.time()}", now=clock.now())


def _work() -> None:
    from aftersales.core import clock, jobs

    while jobs.run_next(clock.now(), worker_id="bench"):
        pass


def _latest() -> Any:
    from aftersales.exchange.models import Import

    return Import.objects.latest("id")


def _check() -> None:
    from aftersales.core import clock
    from aftersales.exchange import queries, services

    actor, found = _clerk(), _latest()
    columns = queries.guessed_columns(actor, queries.find_table(actor, "units"), found)
    choice = services.Choice(columns, {"mode": "gaps", "station": "HQ"})
    services.check_import(actor, token=found.token, choice=choice, now=clock.now())
    _work()
    found = _latest()
    if found.state != "checked" or found.problem_rows:
        raise SystemExit(f"{found.state}: {found.problems[:3]} {found.sentence}")


def _import() -> None:
    from aftersales.core import clock
    from aftersales.exchange import services

    services.start_import(_clerk(), token=_latest().token, now=clock.now())
    _work()
    if _latest().state != "done":
        raise SystemExit(f"{_latest().state}: {_latest().sentence}")


def _export(code: str, form: str) -> None:
    from aftersales.core import clock
    from aftersales.exchange import services
    from aftersales.exchange.models import Export

    wanted = services.Wanted(code, "", form)
    services.make_export(_clerk(), wanted=wanted, once=f"bench-{code}-{form}", now=clock.now())
    _work()
    if Export.objects.latest("id").state != "ready":
        raise SystemExit("the export was not made")


if __name__ == "__main__":
    main()
