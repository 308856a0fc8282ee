"""What is installed is pinned, hashed, and bound to no network."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tools import install

ROOT = Path(__file__).resolve().parents[2]
FILES = ["base", "dev", "build"]


def pinned(name):
    content = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", content, re.MULTILINE))


def names(wanted):
    return {re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in wanted}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_a_hash_and_no_address(name):
    content = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", content, flags=re.MULTILINE))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in content
    assert "--index" not in content


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert names(project["project"]["dependencies"]) <= pinned("base").keys()
    assert names(project["dependency-groups"]["dev"]) <= pinned("dev").keys()
    assert names(project["dependency-groups"]["build"]) <= pinned("build").keys()


def test_the_product_is_tested_with_the_versions_it_is_installed_with():
    assert pinned("base").items() <= pinned("dev").items()


def test_the_lock_of_the_assets_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in entry and entry["integrity"] for entry in packages.values())


def said(place, option, value):
    """A line of `pip config list`."""
    return f"{place}.{option.lower().replace('_', '-')}={value!r}\n"


def test_what_pip_is_told_is_handed_on_to_uv():
    listing = (
        said("global", "INDEX_URL", "here") + said(":env:", "FIND_LINKS", "one two") + said("global", "TIMEOUT", "5")
    )
    assert install.handed_on(listing) == {"UV_DEFAULT_INDEX": "here", "UV_FIND_LINKS": "one,two"}


def test_the_environment_is_stronger_than_the_configuration_file():
    listing = said(":env:", "INDEX_URL", "there") + said("global", "INDEX_URL", "here")
    assert install.handed_on(listing) == {"UV_DEFAULT_INDEX": "there"}
