"""A real web server in processes of its own, to be hindered and killed, and clients that never give up."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 30


@dataclass
class Answer:
    """What came back; status 0 when nothing did."""

    status: int
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """The product's pages as granian serves them, on a port of its own."""

    def __init__(self, folder: Path, database_url: str, *, workers: int = 1, **environment: str) -> None:
        self.folder, self.workers = folder, workers
        self.log = folder / "server.log"
        self.port = _free_port()
        self.cookie = self.unused_cookie = ""
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "AFTERSALES_DATA_DIR": str(folder),
            "AFTERSALES_LOG_FORMAT": "json",
            "AFTERSALES_LANGUAGE": "en",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PYTHONPATH": str(ROOT),
            **environment,
        }

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(self.workers), "--blocking-threads", "4", "--respawn-failed-workers", "--no-access-log",
            "--respawn-interval", "0.2", "--workers-kill-timeout", "3", "aftersales.config.wsgi:application",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until(lambda: self.get("/health/").status == 200 and len(self.worker_ids()) == self.workers)

    def wait_until(self, happens, within: float = READY_WITHIN) -> None:
        """Ask again and again; the test fails, with the server's log, when it does not happen in time."""
        end = time.monotonic() + within
        while not happens():
            assert time.monotonic() < end, f"it did not happen in time; the log says:\n{self.log.read_text()[-3000:]}"
            time.sleep(0.05)

    def worker_ids(self) -> list[int]:
        """The processes that answer requests."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = [int(child) for thread in threads for child in thread.read_text().split()]
        return sorted(child for child in children if "granian" in _command_of(child))

    def kill_a_worker(self) -> None:
        """End one of the answering processes in the middle of whatever it does; another one takes its place."""
        before = self.worker_ids()
        os.kill(before[0], signal.SIGKILL)
        self.wait_until(lambda: len(set(self.worker_ids()) - set(before)) == 1)

    def kill(self) -> None:
        """End the whole server in the middle of whatever it does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def get(self, path: str, *, cookie: str = "") -> Answer:
        """A page."""
        return self._ask("GET", path, None, cookie)

    def post(self, path: str, key: str, **fields: str) -> Answer:
        """A form sent once."""
        return self._ask("POST", path, urlencode({"_once": key, **fields}))

    def _ask(self, method: str, path: str, body: str | None, cookie: str = "") -> Answer:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": cookie or self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            client.request(method, path, body, headers)
            answer = client.getresponse()
            return Answer(
                answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}
            )
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            client.close()


class Customers:
    """People who send forms without pause, and send each again until it is acknowledged."""

    def __init__(self, server: Server, count: int = 4) -> None:
        self.server = server
        self.acknowledged: dict[str, str] = {}
        self.refused: list[Answer] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(name,), daemon=True) for name in range(count)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive(), "a form was never acknowledged"

    def _send(self, name: int) -> None:
        number = 0
        while not self._ended.is_set():
            number += 1
            self._send_until_acknowledged(f"form-of-customer-{name}-{number:06d}")

    def _send_until_acknowledged(self, key: str) -> None:
        for _try in range(600):
            answer = self.server.post("/probe/take/", key, note=key)
            if answer.status == 200:
                self.acknowledged[key] = answer.text
                return
            if answer.status:
                self.refused.append(answer)
            time.sleep(0.05)


def _command_of(process_id: int) -> str:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_text()
    except OSError:  # it ended meanwhile
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
