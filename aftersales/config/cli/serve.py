"""Running the pages and the worker."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import django

STOP_PATIENCE = 10.0


def run(options: argparse.Namespace) -> int:
    """Bring the database up to date, then run the web server and the worker until stopped."""
    os.environ.setdefault("AFTERSALES_PUBLIC_URL", f"http://{options.host}:{options.port}")
    from aftersales.config.cli import house

    house.migrate(options)
    from django.conf import settings

    from aftersales.staff import queries as staff

    collect_static()
    if settings.DEMO:
        from aftersales.config.demo import load_demo, sign_ins

        load_demo(report=print)
        print(sign_ins())
    elif not staff.managers().exists():
        print("Nobody can sign in yet: run `aftersales init` first, and open the link it prints.")
    print(f"Aftersales is open at {settings.PUBLIC_URL}", flush=True)
    granian = web_server(options.host, options.port, workers=options.workers)
    return keep_running([granian, [sys.executable, "-m", "aftersales", "worker"]])


def web_server(host: str, port: int, *, workers: int) -> list[str]:
    """The command that runs the web server."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--respawn-failed-workers", "--no-access-log",
        "--log-level", "warning", "--workers-kill-timeout", "8", "aftersales.config.wsgi:application",
    ]  # fmt: skip


def worker(_options: argparse.Namespace) -> int:
    """Do jobs and send messages until told to stop."""
    django.setup()
    from aftersales.core.worker import run_worker

    run_worker()
    return 0


def collect_static() -> None:
    """Put the pages' styles, scripts and pictures where the server finds them, when any of them changed."""
    from django.conf import settings
    from django.core.management import call_command

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = [path for path in settings.PACKAGE_DIR.glob("*/static/**/*") if path.is_file()]
    newest = max((path.stat().st_mtime for path in sources), default=0.0)
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", verbosity=0, interactive=False)


def keep_running(commands: Sequence[Sequence[str]]) -> int:
    """Run several programs together; when one ends or we are told to stop, end them all."""
    children = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own programs
    is_asked_to_stop = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal is_asked_to_stop
        is_asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not is_asked_to_stop and all(child.poll() is None for child in children):
        time.sleep(0.2)
    codes = [_end(child) for child in children]
    return 0 if is_asked_to_stop else max(map(abs, codes))


def _end(child: subprocess.Popen[bytes]) -> int:
    if child.poll() is None:
        child.terminate()
    try:
        return child.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:  # a server told to stop while it is still starting may not hear it
        child.kill()
        return child.wait()
