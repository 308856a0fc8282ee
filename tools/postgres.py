"""A PostgreSQL of our own for tests: made in a fresh directory, reached by its socket only, thrown away afterwards.

    python tools/postgres.py run -- pytest     a cluster for this one command, stopped when it ends
    python tools/postgres.py url [NAME]        the address of a shared cluster (started if need be) and of a database in it
    python tools/postgres.py start | stop      the shared cluster by hand

`--durable` before the verb keeps fsync on, for measurements. PostgreSQL refuses to run as root, so when root asks,
the cluster belongs to the user `postgres`, or to `nobody` where there is none.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import getpass
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var" / "postgres.json"
ROLE = "aftersales"
DATABASE = "aftersales"
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
MISSING = (
    "PostgreSQL's programs (initdb, pg_ctl) are not on this machine, so nothing was tested on PostgreSQL. "
    "Install version 15 or later, on Debian: apt-get install postgresql-15"
)


class NoPostgresError(Exception):
    """There are no PostgreSQL programs here."""


@dataclass(frozen=True)
class Cluster:
    """One throw-away cluster: its programs, its directory, and the user it runs as."""

    programs: str
    home: str
    owner: str

    @property
    def data(self) -> Path:
        """Where PostgreSQL keeps its files."""
        return Path(self.home) / "data"

    def call(self, program: str, *arguments: str, check: bool = True) -> int:
        """Run one of PostgreSQL's programs as the cluster's owner and return its exit code."""
        done = subprocess.run(
            [str(Path(self.programs) / program), *arguments],
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
            check=False,
            **_as_user(self.owner),
        )
        if check and done.returncode:
            log = Path(self.home) / "log"
            raise SystemExit(f"{program} failed:\n{done.stderr}{log.read_text() if log.exists() else ''}")
        return done.returncode

    def is_running(self) -> bool:
        """Whether this cluster answers to its name."""
        return self.data.exists() and self.call("pg_ctl", "-D", str(self.data), "status", check=False) == 0

    def start(self, *, durable: bool) -> None:
        """Make the cluster and let it run."""
        self.call(
            "initdb", "-D", str(self.data), "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        settings = ["listen_addresses=", f"unix_socket_directories={self.home}", "max_connections=200", "timezone=UTC"]
        settings += () if durable else FORGETFUL
        options = " ".join(f"-c {setting}" for setting in settings)
        log = str(Path(self.home) / "log")
        self.call("pg_ctl", "-D", str(self.data), "-w", "-s", "-t", "60", "-l", log, "-o", options, "start")
        self.create(DATABASE)

    def create(self, database: str) -> None:
        """Make sure a database of that name exists."""
        sql = f"SELECT 1/count(*) FROM pg_database WHERE datname = '{database}'"  # noqa: S608 - own, validated word
        ask = ("-h", self.home, "-U", ROLE, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", sql)
        if self.call("psql", *ask, check=False):
            self.call("createdb", "-h", self.home, "-U", ROLE, database)

    def stop(self) -> None:
        """End the cluster and remove every trace of it."""
        if self.is_running():
            self.call("pg_ctl", "-D", str(self.data), "-w", "-s", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str = DATABASE) -> str:
        """The address to put into DATABASE_URL."""
        return f"postgresql://{ROLE}@/{database}?host={quote(self.home)}"


def find_programs() -> str:
    """The directory of the newest initdb on this machine."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    for place in places:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return str(place)
    raise NoPostgresError


def new_cluster(*, durable: bool) -> Cluster:
    """A running cluster in a fresh directory."""
    programs, owner = find_programs(), _owner()
    home = tempfile.mkdtemp(prefix="aftersales-pg-", dir="/tmp")  # a short path: sockets allow 107 characters
    if os.geteuid() == 0:
        shutil.chown(home, owner)
    cluster = Cluster(programs, home, owner)
    try:
        cluster.start(durable=durable)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def shared_cluster(*, durable: bool) -> Cluster:
    """The cluster named in the state file; a new one if it does not run."""
    with _lock():
        known = _known()
        if known and known.is_running():
            return known
        if known:
            known.stop()
        cluster = new_cluster(durable=durable)
        STATE.write_text(json.dumps(asdict(cluster)))
        return cluster


def stop_shared() -> None:
    """End the shared cluster, if there is one."""
    with _lock():
        known = _known()
        if known:
            known.stop()
            STATE.unlink()


def run(command: list[str], *, durable: bool) -> int:
    """Run `command` with DATABASE_URL pointing to a cluster of its own; that cluster never outlives it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cluster = new_cluster(durable=durable)
    child: subprocess.Popen[bytes] | None = None
    try:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": cluster.url()})
        return child.wait()
    except KeyboardInterrupt:
        return 130
    finally:
        if child and child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=20)
        cluster.stop()


def _known() -> Cluster | None:
    return Cluster(**json.loads(STATE.read_text())) if STATE.exists() else None


def _owner() -> str:
    if os.geteuid() != 0:
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as_user(owner: str) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    STATE.parent.mkdir(parents=True, exist_ok=True)
    with STATE.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _name(word: str) -> str:
    if not word.replace("_", "").isalnum() or not word.isascii():
        raise argparse.ArgumentTypeError("a database name is made of letters, digits and _")
    return word.lower()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--durable", action="store_true", help="keep fsync on")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("start", "stop", "check"):
        verbs.add_parser(verb)
    verbs.add_parser("url").add_argument("database", nargs="?", default=DATABASE, type=_name)
    verbs.add_parser("run").add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


def main() -> int:
    """Do what the command line asks."""
    arguments = _arguments()
    try:
        if arguments.verb == "check":
            find_programs()
        elif arguments.verb == "stop":
            stop_shared()
        elif arguments.verb == "run":
            command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
            return run(command, durable=arguments.durable)
        else:
            cluster = shared_cluster(durable=arguments.durable)
            if arguments.verb == "url":
                cluster.create(arguments.database)
                print(cluster.url(arguments.database))
    except NoPostgresError:
        print(MISSING, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
