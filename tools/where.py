"""Say where something happens: `make where WHAT="hand over"`. Reads docs/generated/where.md and looks into the tests."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sections(page: str) -> dict[str, str]:
    """The sections of a Markdown page by their heading."""
    parts = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    return {heading: body.strip() for heading, _, body in (part.partition("\n") for part in parts)}


def found(what: str, page: str) -> dict[str, str]:
    """The sections that speak of it: by their heading, else anywhere in them."""
    wanted, known = _squeezed(what), sections(page)
    by_heading = {heading: body for heading, body in known.items() if wanted in _squeezed(heading)}
    return by_heading or {heading: body for heading, body in known.items() if wanted in _squeezed(body)}


def _squeezed(words: str) -> str:
    """`Hand over`, `hand_over` and `hand-over` are one word."""
    return re.sub(r"[\s_-]+", "", words.lower())


def tests_about(what: str) -> list[str]:
    """The tests whose sentence speaks of it."""
    word = "_".join(re.split(r"[\s_-]+", what.lower().strip()))
    named = re.compile(rf"^def (test_\w*{re.escape(word)}\w*)", re.MULTILINE)
    return [
        f"- test `{path.relative_to(ROOT)}` `{name}`"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in named.findall(path.read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Print what was found."""
    what = " ".join(sys.argv[1:])
    page = ROOT / "docs" / "generated" / "where.md"
    if not what.strip() or not page.exists():
        print('Say what: make where WHAT="hand over"' if page.exists() else "Run `make docs` first.")
        return 1
    answers = found(what, page.read_text(encoding="utf-8"))
    for heading, body in answers.items():
        print(f"{heading}\n{body}\n")
    tests = tests_about(what)
    print(*tests, sep="\n")
    if not answers and not tests:
        print(f"Nothing here is called “{what}”. The words of the trade stand in docs/glossary.md.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
