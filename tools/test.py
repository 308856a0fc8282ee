"""Every test: on SQLite, on PostgreSQL, and the journeys in a real browser.

    python tools/test.py [sqlite] [postgresql] [journeys] [-- pytest's own arguments]

What this machine lacks is named; with CI=true it is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (sys.executable, "-m", "pytest")
IN_PARALLEL = ("-n", "2", "--dist", "loadfile")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_BROWSER = "There is no Chromium here, so no journey was walked. On Debian: apt-get install chromium"
NO_FONT = "There is no Chinese font here, so no journey was walked. On Debian: apt-get install fonts-noto-cjk"
NO_JOURNEYS = "There is no tests/journeys yet."


@dataclass(frozen=True)
class Part:
    """One run of pytest: its command, or the sentence that says why it cannot be."""

    name: str
    command: tuple[str, ...] = ()
    missing: str = ""


def on_sqlite(arguments: list[str]) -> Part:
    """All but the journeys on the embedded database."""
    return Part("SQLite", (*PYTEST, *IN_PARALLEL, *(arguments or ["tests"]), "--ignore=tests/journeys"))


def on_postgresql(arguments: list[str]) -> Part:
    """The same on a PostgreSQL of our own; what never touches a database is not repeated."""
    try:
        postgres.find_programs()
    except postgres.NoPostgresError:
        return Part("PostgreSQL", missing=postgres.MISSING)
    ignored = ("--ignore=tests/journeys", "--ignore=tests/tools", "--ignore=tests/architecture")
    tests = (*PYTEST, *IN_PARALLEL, *(arguments or ["tests"]), *(() if arguments else ignored))
    return Part("PostgreSQL", (sys.executable, "-m", "tools.postgres", "run", "--", *tests))


def journeys(arguments: list[str]) -> Part:
    """The walks through the product in a browser."""
    if not (ROOT / "tests" / "journeys").exists():
        return Part("journeys", missing=NO_JOURNEYS)
    if not find_browser():
        return Part("journeys", missing=NO_BROWSER)
    if not has_chinese_font():
        return Part("journeys", missing=NO_FONT)
    return Part("journeys", (*PYTEST, *(arguments or ["tests/journeys"])))


PARTS = {"sqlite": on_sqlite, "postgresql": on_postgresql, "journeys": journeys}


def find_browser() -> str:
    """The browser to walk with: the one named by CHROMIUM, or the first found."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for found in map(shutil.which, BROWSERS) if found), "")


def has_chinese_font() -> bool:
    """Whether Chinese text would be drawn rather than shown as boxes."""
    lister = shutil.which("fc-list")
    if not lister:
        return False
    return bool(subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, check=False).stdout.strip())


def run(part: Part) -> str:
    """Run one part and tell in a few words how it went."""
    print(f"\n════ {part.name}", flush=True)
    if part.missing:
        print(part.missing, flush=True)
        return "failed: missing" if os.environ.get("CI") == "true" else "not run"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"CHROMIUM": find_browser(), "PYTHONPATH": str(ROOT)}
    code = subprocess.run(part.command, cwd=ROOT, env=environment, check=False).returncode
    return "passed" if code == 0 else f"failed: pytest ended with {code}"


def main() -> int:
    """Run the parts asked for, all of them even when one fails."""
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    chosen, arguments = words[:cut] or list(PARTS), words[cut + 1 :]
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    parts = [PARTS[name](arguments) for name in chosen]
    outcomes = {part.name: run(part) for part in parts}
    print("\n════ all parts")
    for name, outcome in outcomes.items():
        print(f"  {name:<12} {outcome}")
    return 1 if any(outcome.startswith("failed") for outcome in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
