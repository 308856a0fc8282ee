"""Each import contract is broken on purpose, in a small house built after the real floor plan."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    "config",
    "desk",
    "reports",
    "workshop",
    "warehouse",
    "billing",
    "policies",
    "customers",
    "catalog",
    "staff",
    "deadlines",
    "exchange",
    "ui",
    "core",
]

BAD = {
    "tower": [
        ("customers/services.py", "from aftersales.workshop import services"),
        ("core/clock.py", "from aftersales.ui import lists"),
        ("staff/web/views.py", "import aftersales.config.duties"),
        ("unplaced/__init__.py", ""),
    ],
    "inside": [
        ("workshop/models.py", "from aftersales.workshop import services"),
        ("workshop/queries.py", "from aftersales.workshop.web import views"),
        ("workshop/web/views.py", "from aftersales.workshop.management.commands import tidy"),
        ("workshop/helpers.py", ""),
    ],
    "pure": [
        ("workshop/rules.py", "from django.db import models"),
        ("workshop/rules.py", "from aftersales.ui import lists"),
        ("workshop/events.py", "import django"),
        ("workshop/permissions.py", "from django.utils import timezone"),
        ("policies/engine/read.py", "from django.conf import settings"),
    ],
    "pages": [
        ("workshop/web/views.py", "from aftersales.workshop.models import RepairOrder"),
        ("desk/web/views.py", "from aftersales.core.models import JournalEntry"),
    ],
    "surface": [
        ("workshop/services.py", "from aftersales.customers.models import Customer"),
        ("workshop/rules.py", "from aftersales.customers import rules"),
        ("desk/web/views.py", "from aftersales.workshop.web import panels"),
        ("workshop/queries.py", "from aftersales.staff.permissions import Permission"),
        ("config/urls.py", "from aftersales.workshop import rules"),
    ],
}
GOOD = [
    ("workshop/services.py", "from aftersales.customers import services\nfrom aftersales.core import clock"),
    ("workshop/handlers.py", "from aftersales.deadlines.events import Moved\nfrom aftersales.workshop import services"),
    ("workshop/web/views.py", "from aftersales.customers import queries\nfrom aftersales.ui import lists"),
    ("workshop/rules.py", "from aftersales.core.errors import Refused\nfrom aftersales.workshop.permissions import P"),
    ("config/urls.py", "from aftersales.workshop.web import views\nfrom aftersales.workshop.permissions import P"),
    ("core/web/photos.py", "from aftersales.core.models import Attachment"),
    ("config/cli.py", "from aftersales.policies.engine import read"),
    ("workshop/migrations/0001_initial.py", "from django.db import models"),
]
LAYERS = ["apps", "services", "queries", "models", "rules", "events", "permissions"]
FOLDERS = ["web/__init__", "web/views", "web/panels", "management/__init__", "management/commands/tidy"]
MODULES = [
    *LAYERS,
    "handlers",
    *FOLDERS,
    "lists",
    "clock",
    "errors",
    "duties",
    "urls",
    "engine/__init__",
    "engine/read",
]
PLACES = {
    "lists": "ui", "clock": "core", "errors": "core", "duties": "config", "urls": "config",
    "engine/__init__": "policies", "engine/read": "policies",
}  # fmt: skip


@pytest.fixture
def contracts_broken_by(tmp_path):
    """The names of the contracts that break when this one file is added to an empty house."""
    package = tmp_path / "aftersales"
    for room in ROOMS:
        for module in MODULES:
            if PLACES.get(module, room) == room:
                file = package / room / f"{module}.py"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
        for folder in [package, package / room, package / room / "management" / "commands"]:
            (folder / "__init__.py").touch()
    shutil.copy(ROOT / ".importlinter", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))

    def look(path, content):
        file = package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(content, encoding="utf-8")
        command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(tmp_path)}
        )
        return set(re.findall(r"^(\w+): .*\bBROKEN", done.stdout, re.MULTILINE)), done.stdout + done.stderr

    return look


@pytest.mark.parametrize(
    ("contract", "path", "content"), [(name, *bad) for name, all_bad in BAD.items() for bad in all_bad]
)
def test_it_catches(contracts_broken_by, contract, path, content):
    broken, said = contracts_broken_by(path, content)
    assert contract in broken, said


@pytest.mark.parametrize(("path", "content"), GOOD)
def test_it_leaves_alone(contracts_broken_by, path, content):
    broken, said = contracts_broken_by(path, content)
    assert not broken, said
    assert "0 broken" in said
