"""Every check that needs no test run, side by side; the output of those that failed comes at the end.

python tools/check.py             all of them
python tools/check.py ruff types  these only
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
DJANGO = (PYTHON, "-m", "django")

CHECKS: dict[str, tuple[str, ...]] = {
    "types": (str(BIN / "mypy"),),
    "ruff": (str(BIN / "ruff"), "check", "."),
    "format": (str(BIN / "ruff"), "format", "--check", "."),
    "imports": (str(BIN / "lint-imports"),),
    "templates": (str(BIN / "djlint"), "aftersales", "--lint", "--quiet"),
    "house": (PYTHON, "-m", "tools.house_rules"),
    "messages": (PYTHON, "-m", "tools.messages", "check"),
    "docs": (PYTHON, "-m", "tools.generate_docs", "--check"),
    "migrations": (*DJANGO, "makemigrations", "--check", "--dry-run"),
    "deploy": (*DJANGO, "check", "--deploy", "--fail-level", "WARNING"),
}
"""The slowest first."""


@dataclass(frozen=True)
class Outcome:
    """How one check ended."""

    name: str
    code: int
    seconds: float
    said: str


def run(name: str, data_dir: str) -> Outcome:
    """Run one check as an installation that stands in the open would be set up."""
    began = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "AFTERSALES_DATA_DIR": data_dir,
        "AFTERSALES_PUBLIC_URL": "https://service.example",
        "DJANGO_SETTINGS_MODULE": "aftersales.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outcome = Outcome(name, done.returncode, time.monotonic() - began, done.stdout)
    print(f"  {'ok    ' if not outcome.code else 'FAILED'}  {name:<12} {outcome.seconds:5.1f} s", flush=True)
    return outcome


def main() -> int:
    """Run the checks asked for and say which failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="*", choices=[[], *CHECKS], default=[])
    chosen = parser.parse_args().checks or list(CHECKS)
    with tempfile.TemporaryDirectory() as data_dir, ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(lambda name: run(name, data_dir), chosen))
    failed = [outcome for outcome in outcomes if outcome.code]
    for outcome in failed:
        print(
            f"\n──── {outcome.name}: {' '.join(CHECKS[outcome.name]).replace(str(ROOT) + '/', '')}\n{outcome.said.strip()}"
        )
    print(f"\n{len(chosen) - len(failed)} of {len(chosen)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
