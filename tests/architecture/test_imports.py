"""The tower stands: who may import whom is written in `.importlinter`, once."""

import configparser
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE_THE_PATTERN = {"config", "ui", "core"}


def test_every_import_contract_holds():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_room_has_its_layers_checked():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    checked = {name.strip() for name in contracts["importlinter:contract:inside"]["containers"].split()}
    rooms = {path.parent.name for path in (ROOT / "aftersales").glob("*/__init__.py")} - OUTSIDE_THE_PATTERN
    assert {f"aftersales.{room}" for room in rooms} == checked
