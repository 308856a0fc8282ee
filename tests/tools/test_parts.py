import pytest

from tools import postgres, test as parts


def find_nothing():
    raise postgres.NoPostgresError


@pytest.fixture
def bare_machine(monkeypatch):
    monkeypatch.setattr(postgres, "find_programs", find_nothing)
    monkeypatch.setattr(parts, "find_browser", str)


@pytest.mark.parametrize("name", ["postgresql", "journeys"])
def test_what_is_missing_is_named_with_how_to_get_it(bare_machine, name, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert parts.run(parts.PARTS[name]([])) == "not run"
    assert "apt-get install" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["postgresql", "journeys"])
def test_what_is_missing_fails_in_continuous_integration(bare_machine, name, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert parts.run(parts.PARTS[name]([])).startswith("failed")


def test_a_failing_part_is_a_failure():
    assert parts.run(parts.Part("x", ("false",))).startswith("failed")
    assert parts.run(parts.Part("x", ("true",))) == "passed"
