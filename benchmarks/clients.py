"""Who sends the requests: Django's own client within the process, and clients of a real server on the loopback."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from benchmarks.requests import Ask

CSRF = "b" * 32
TICKS = os.sysconf("SC_CLK_TCK")


class FailedError(Exception):
    """A request got another answer than a person would want."""


class Inside:
    """Sends within this process, so that its statements can be recorded."""

    def __init__(self, logins: list[str]) -> None:
        from aftersales.staff.models import Person

        self.browsers = {}
        for login in logins:
            self.browsers[login] = Client(HTTP_HOST="127.0.0.1")
            self.browsers[login].force_login(Person.objects.get(login=login))

    def send(self, ask: Ask) -> None:
        """Send and look at the answer."""
        browser = self.browsers[ask.login]
        response = browser.get(ask.path) if ask.form is None else browser.post(ask.path, ask.form)
        _check(ask, response.status_code)

    def sessions(self) -> dict[str, str]:
        """Each person's session, for other clients."""
        return {login: browser.cookies[settings.SESSION_COOKIE_NAME].value for login, browser in self.browsers.items()}


class Wire:
    """One client of the server, with one connection that stays open."""

    def __init__(self, port: int, sessions: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.sessions = sessions

    def send(self, ask: Ask) -> None:
        """Send, read the whole answer and look at its status."""
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.sessions[ask.login]}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        headers = {"Cookie": cookies, "Accept-Language": "zh-hans"}
        if ask.form is None:
            self.connection.request("GET", ask.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**ask.form, "csrfmiddlewaretoken": CSRF})
            self.connection.request("POST", ask.path, body, headers)
        response = self.connection.getresponse()
        response.read()
        _check(ask, response.status)


def _check(ask: Ask, status: int) -> None:
    if status >= 400:
        raise FailedError(f"{ask.path} answers {status}")


@dataclass
class Server:
    """The product's web server in a process of its own."""

    port: int
    process: subprocess.Popen[bytes]

    def _family(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """Processor time it has used so far."""
        fields = (Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self._family())
        return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS

    def peak_memory(self) -> int:
        """The most bytes it has held at once."""
        lines = (line for pid in self._family() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def server() -> Iterator[Server]:
    """The product's web server, one process with its usual threads, for as long as it is needed."""
    from aftersales.config.cli.serve import web_server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(web_server("127.0.0.1", port, workers=1))
    try:
        _wait_until_open(port)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_open(port: int) -> None:
    for _attempt in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise FailedError("The server did not open.")


def crowd(make: Callable[[], Wire], ask: Callable[[int], Ask], *, clients: int, seconds: float) -> float:
    """Answers per second to so many clients that each send one request after the other."""
    done, failed, lock = [0], [], threading.Lock()
    ends = time.perf_counter() + seconds

    def work() -> None:
        client = make()
        while time.perf_counter() < ends and not failed:
            with lock:
                done[0] += 1
                number = done[0]
            try:
                client.send(ask(number))
            except (FailedError, IndexError, OSError, http.client.HTTPException) as error:
                failed.append(error)

    threads = [threading.Thread(target=work) for _client in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise FailedError(str(failed[0]))
    return done[0] / (time.perf_counter() - started)
