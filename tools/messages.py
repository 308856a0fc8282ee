"""Keep the Chinese texts complete, with Babel alone: no gettext programs are needed.

python tools/messages.py extract [aftersales/APP …]   bring the catalogs up to the code; translations there are kept
python tools/messages.py check [aftersales/APP …]     name everything missing, wrong or out of date
python tools/messages.py compile                      make the .mo files that Django reads
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import TemplateSyntaxError
from django.utils.translation.template import templatize
from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "tools" / "chinese_allowed.txt"
LANGUAGES = ("zh_Hans", "zh_Hant")

Spec = tuple[int | tuple[int, str], ...] | None
KEYWORDS: dict[str, Spec] = {
    "_": None,
    "text": None,
    "text_n": (1, 2),
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
COTTON_EXPRESSION = re.compile(r""":[a-z_-]+="\s*_\('((?:[^'\\]|\\.)+)'\)|:[a-z_-]+='\s*_\("((?:[^"\\]|\\.)+)"\)""")
PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)[sd]")

Key = tuple[str, str]
"""Context and (singular) source text."""


@dataclass
class Source:
    """One sentence as the code has it, and the files it stands in."""

    singular: str
    plural: str = ""
    context: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What tells this sentence from another."""
        return (self.context, self.singular)


class BrokenFileError(Exception):
    """A file cannot be read as Python or as a template, so nothing is concluded from it."""


def apps_in(package: Path) -> list[Path]:
    """The app directories of the package."""
    return sorted(path.parent for path in package.glob("*/__init__.py"))


def sources_of(app: Path, root: Path = ROOT) -> dict[Key, Source]:
    """Every sentence in the Python files and templates of one app."""
    found: dict[Key, Source] = {}
    for path in sorted(app.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts or "locale" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        for source in _sentences(path):
            kept = found.setdefault(source.key, source)
            kept.plural = kept.plural or source.plural
            kept.files.add(path.relative_to(root).as_posix())
    return found


def _sentences(path: Path) -> Iterator[Source]:
    content = path.read_text(encoding="utf-8")
    try:
        if path.suffix == ".py":
            ast.parse(content)
            yield from _from_python(content)
        else:
            # In brackets, so that the indentation of the page is none of Python's business.
            yield from _from_python(f"(\n{templatize(content, origin=str(path))}\n)")
            yield from (Source(one or other) for one, other in COTTON_EXPRESSION.findall(content))
    except (SyntaxError, TemplateSyntaxError) as error:
        raise BrokenFileError(f"{path} cannot be read: {error}") from error


def _from_python(content: str) -> Iterator[Source]:
    file: Any = io.BytesIO(content.encode())
    keywords: Any = KEYWORDS
    found: Iterator[tuple[int, str, str | tuple[str | None, ...], list[str]]]
    found = extract_python(file, keywords, (), {"encoding": "utf-8"})  # type: ignore[assignment] # its stub is narrower
    for _line, function, arguments, _comments in found:
        words = arguments if isinstance(arguments, tuple) else (arguments,)
        source = _as_source(KEYWORDS[function], words)
        if source:
            yield source


def _as_source(spec: Spec, words: tuple[str | None, ...]) -> Source | None:
    positions = spec or (1,)
    numbers = [position for position in positions if isinstance(position, int)]
    contexts = [position[0] for position in positions if not isinstance(position, int)]
    picked = [words[number - 1] if number <= len(words) else None for number in (*numbers, *contexts)]
    if any(not word for word in picked):
        return None
    plain = [word or "" for word in picked]
    return Source(plain[0], plain[1] if len(numbers) > 1 else "", plain[-1] if contexts else "")


def po_path(app: Path, language: str) -> Path:
    """Where the app's catalog of that language lies."""
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(path: Path, language: str) -> dict[Key, Message]:
    """The translations that stand in a catalog."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {_key(message): message for message in catalog if message.id}


def _key(message: Message) -> Key:
    return (message.context or "", message.id if isinstance(message.id, str) else message.id[0])


def updated(language: str, sources: dict[Key, Source], known: dict[Key, Message]) -> Catalog:
    """A catalog with exactly the sentences of the code and the translations known so far."""
    catalog = Catalog(locale=language)
    for key, source in sorted(sources.items()):
        old = known.get(key)
        message = Message(
            (source.singular, source.plural) if source.plural else source.singular,
            _shaped(old, plural=bool(source.plural)),
            locations=[(file, 0) for file in sorted(source.files)],
            flags={"fuzzy"} if old is not None and old.fuzzy else set(),
            user_comments=old.user_comments if old is not None else (),
            context=source.context or None,
        )
        catalog[message.id] = message
    return catalog


def _shaped(old: Message | None, *, plural: bool) -> str | tuple[str, ...]:
    words = old.string if old is not None else ""
    first = words if isinstance(words, str) else (words[0] if words else "")
    return (first,) if plural else first


def po_text(catalog: Catalog, language: str) -> str:
    """The catalog as a file: sorted, without dates and line numbers, so that a diff shows only what changed."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, omit_header=True, sort_output=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    )
    body = buffer.getvalue().decode().strip()
    return f"{header}\n{body}\n" if body else header


def extract(apps: Iterable[Path], root: Path = ROOT) -> None:
    """Bring the catalogs of these apps up to the code and say what changed."""
    for app in apps:
        sources = sources_of(app, root)
        for language in LANGUAGES:
            path = po_path(app, language)
            known = read_catalog(path, language)
            if not sources and not path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            content = po_text(updated(language, sources, known), language)
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                path.write_text(content, encoding="utf-8")
            _report(path.relative_to(root), sources, known)


def _report(path: Path, sources: dict[Key, Source], known: dict[Key, Message]) -> None:
    new = len(sources.keys() - known.keys())
    print(f"{path}: {len(sources)} sentences, {new} new, {len(known.keys() - sources.keys())} removed")
    for _context, gone in sorted(known.keys() - sources.keys()):
        print(f"    no longer in the code: {gone!r}")


def problems(apps: Iterable[Path], root: Path = ROOT) -> list[str]:
    """Everything that is missing, wrong or out of date, one line each."""
    lines: list[str] = []
    chosen: dict[tuple[str, Key], dict[str, str]] = defaultdict(dict)
    for app in apps:
        sources = sources_of(app, root)
        for language in LANGUAGES:
            path = po_path(app, language)
            shown = path.relative_to(root)
            wanted = updated(language, sources, read_catalog(path, language))
            lines += _stale(shown, path, po_text(wanted, language), sources)
            for message in sorted((message for message in wanted if message.id), key=_key):
                key = _key(message)
                lines += [f"{shown}: {fault}: {key[1]!r}" for fault in _faults(message, language)]
                chosen[language, key][_translation(message)] = str(shown)
    for (_language, key), translations in chosen.items():
        if len(translations) > 1:
            said = "; ".join(f"{text!r} in {file}" for text, file in sorted(translations.items()))
            lines.append(f"translated differently in two apps (the upper one would win everywhere): {key[1]!r}: {said}")
    return lines


def _stale(shown: Path, path: Path, wanted: str, sources: dict[Key, Source]) -> list[str]:
    if path.exists() and path.read_text(encoding="utf-8") == wanted:
        return []
    if not path.exists() and not sources:
        return []
    return [f"{shown}: not up to the code. Run: python tools/messages.py extract"]


def _translation(message: Message) -> str:
    return message.string if isinstance(message.string, str) else "".join(message.string or ())


def _faults(message: Message, language: str) -> Iterator[str]:
    words = _translation(message)
    if not words:
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked fuzzy"
    source = message.id if isinstance(message.id, str) else message.id[-1]
    if placeholders(source) != placeholders(words):
        yield f"placeholders differ ({_listed(source)} here, {_listed(words)} in the translation)"
    strange = wrong_script(words, language)
    if strange:
        yield f"{strange!r} does not belong to {language} (an exception goes to {ALLOWED.name})"


def placeholders(words: str) -> set[str]:
    """The names that are filled in: of `{name}` and of `%(name)s`."""
    return {brace or percent for brace, percent in PLACEHOLDER.findall(words)}


def _listed(words: str) -> str:
    return ", ".join(sorted(placeholders(words))) or "none"


def wrong_script(words: str, language: str) -> str:
    """The characters of a text that belong to the other way of writing Chinese."""
    for allowed in _allowed()[language]:
        words = words.replace(allowed, "")
    to_simple, to_traditional = _converter("t2s"), _converter("s2t")
    if language == "zh_Hans":
        readings = [to_simple(words)]
    else:  # a phrase is known by its simplified form only: without the second reading 干擾 would be suspected
        readings = [to_traditional(words), to_traditional(to_simple(words))]
    return "".join(dict.fromkeys(old for old, *new in zip(words, *readings, strict=True) if old not in new))


@cache
def _converter(name: str) -> Callable[[str], str]:
    return OpenCC(name).convert


@cache
def _allowed() -> dict[str, list[str]]:
    allowed: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        language, _, rest = line.partition(" ")
        if language in allowed:
            allowed[language].append(rest.split()[0])
    return {language: sorted(words, key=len, reverse=True) for language, words in allowed.items()}


def compile_all(package: Path) -> int:
    """Make every .mo file that is older than its .po file; returns how many were made."""
    made = 0
    for path in sorted(package.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        beside = target.with_suffix(f".{os.getpid()}")
        with beside.open("wb") as file:
            write_mo(file, catalog)
        beside.replace(target)
        made += 1
    return made


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["extract", "check", "compile"])
    parser.add_argument(
        "apps", nargs="*", type=lambda path: Path(path).resolve(), help="directories such as aftersales/ui"
    )
    arguments = parser.parse_args()
    apps = arguments.apps or apps_in(ROOT / "aftersales")
    try:
        if arguments.verb == "extract":
            extract(apps)
        elif arguments.verb == "compile":
            print(f"{compile_all(ROOT / 'aftersales')} catalogs compiled")
        else:
            found = problems(apps)
            print(*found, f"{len(found)} problems in the translations", sep="\n")
            return 1 if found else 0
    except BrokenFileError as error:
        sys.exit(f"{error}. Nothing was changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
