from __future__ import annotations

import os

import pytest

from aftersales.config import environment


@pytest.fixture
def install(monkeypatch, tmp_path):
    """Reads the settings of an installation that has just these variables and this TOML file."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("AFTERSALES_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)

    def read(toml="", **variables):
        if toml:
            (tmp_path / "aftersales.toml").write_text(toml, encoding="utf-8")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return environment.read_environment()

    return read
