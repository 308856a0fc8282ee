"""docs/policies/examples*.md is run as it stands: its commands, its edits, its answers."""

from __future__ import annotations

import re
import shlex
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from aftersales.config.cli import main
from tests.policies.mutations import NAMES

DOCS = Path(__file__).parents[2] / "docs" / "policies"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ["examples.md", "examples.zh.md"]


def act(command, capsys):
    """What a command on the page prints."""
    words = shlex.split(command)
    if words[0] == "cp":
        source = Path(words[1])
        if words[1] == "aftersales/policies/library":
            shutil.copytree(str(files("aftersales.policies") / "library"), words[2])
        else:
            shutil.copy(source, words[2])
        return ""
    assert words[0] == "aftersales"
    main(words[1:])
    told = capsys.readouterr()
    return told.err + told.out


def fits(wanted, told):
    """Whether the lines of an answer are those on the page; `…` stands for any lines."""
    if not wanted:
        return not told
    if wanted[0] == "…":
        return any(fits(wanted[1:], told[at:]) for at in range(len(told), -1, -1))
    return bool(told) and wanted[0] == told[0].rstrip() and fits(wanted[1:], told[1:])


def run(text, capsys):
    """The page from its first command to its last; each command with what it should and what it did print."""
    for kind, name, body in BLOCK.findall(text):
        if kind == "jsonl":
            Path(name).write_text(body, encoding="utf-8")
        elif kind == "diff":
            edit(Path(name), body.splitlines())
        elif kind == "table":
            stands = Path(name).read_text(encoding="utf-8").splitlines()
            assert [line for line in body.splitlines() if line not in stands] == []
        elif kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, *wanted = part.splitlines()
                yield command, wanted, act(command, capsys)


def edit(file, lines):
    """Each line with a minus becomes the one with a plus that follows it."""
    text = file.read_text(encoding="utf-8")
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+")
        assert f"\n{old[1:]}\n" in text, old
        text = text.replace(f"\n{old[1:]}\n", f"\n{new[1:]}\n", 1)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_does_what_it_says(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = (DOCS / page).read_text(encoding="utf-8")
    done = 0
    for command, wanted, told in run(text, capsys):
        assert fits(wanted, told.splitlines()), f"{command}\n{told}"
        done += 1
    assert done == text.count("\n$ ")
    assert done > 10


def test_both_languages_run_the_same_commands_and_edits():
    told = [(DOCS / page).read_text(encoding="utf-8") for page in PAGES]
    commands = [re.findall(r"^\$ (.*)$", text.replace(" --language zh-Hans", ""), re.MULTILINE) for text in told]
    assert commands[0] == commands[1]
    edits = [[body for kind, _name, body in BLOCK.findall(text) if kind in {"diff", "table"}] for text in told]
    assert edits[0] == edits[1]


def test_the_index_names_every_shipped_policy():
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []
