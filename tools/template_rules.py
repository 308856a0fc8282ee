"""House rules for templates: what the strict content policy forbids, forms that are safe to send twice, known components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_cotton.compiler_regex import CottonCompiler, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Breach = tuple[int, str, str]

OPAQUE = "\ue000"
"""Stands where Django's own tags stood, so that a `>` inside them ends no HTML tag."""
ANYWHERE = {"id", "class", "name", "value", "type", "title", "href", "role", "attrs", "only", "slot"}
PREFIXES = ("hx_", "data_", "aria_")
BUILT_IN = {"vars", "slot", "component"}

OPENING = re.compile(r"<(?!c-vars\b)([a-zA-Z][\w.:-]*)((?:\s+|/|[^\s<>\"']+|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"(?<=\s)([:@\w.-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
HANDLER = re.compile(r"on(?!ce$|ly$|e$)[a-z]{3,}$")
TRUSTED = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off")
COTTON_START = re.compile(r"<c-(?!vars\b)[\w.-]+")
C_VARS = re.compile(r"<c-vars\s([^>]*)>", re.DOTALL)


def hide_django(content: str) -> str:
    """The template with everything that Django and cotton read for themselves blotted out, line by line as long as before."""
    read_by_others: re.Pattern[str] = CottonCompiler().ignore_pattern
    return read_by_others.sub(lambda match: re.sub(r"[^\n]", OPAQUE, match[0]), content)


def declared_components(package: Path) -> dict[str, frozenset[str]]:
    """Every component by its tag name, with the attributes that its <c-vars> declares."""
    found = {}
    for path in sorted(package.glob("*/templates/cotton/**/*.html")):
        inside = path.relative_to(next(parent for parent in path.parents if parent.name == "cotton"))
        name = ".".join(inside.with_suffix("").parts).replace("_", "-").removesuffix(".index")
        declaration = C_VARS.search(hide_django(path.read_text(encoding="utf-8")))
        names = (match[1] for match in Tag.attr_pattern.finditer(declaration[1] if declaration else ""))
        found[name] = frozenset(_plain(name) for name in names)
    return found


def _plain(attribute: str) -> str:
    return attribute.lstrip(":").replace("-", "_")


def breaches(content: str, components: Mapping[str, frozenset[str]]) -> Iterator[Breach]:
    """Every rule that this template breaks: line, rule, advice."""
    hidden = hide_django(content)
    for start, rule, advice in (
        *_inline(hidden),
        *_trusted(content),
        *_forms(content, hidden),
        *_components(hidden, components),
    ):
        yield content.count("\n", 0, start) + 1, rule, advice


def _inline(hidden: str) -> Iterator[Breach]:
    for tag in OPENING.finditer(hidden):
        attributes = {match[1].lower(): match for match in ATTRIBUTE.finditer(tag[2])}
        for name in attributes:
            if name in {"style", ":style"} or HANDLER.match(name) or name.startswith(("hx-on", "@", "x-on")):
                yield (
                    tag.start(),
                    "no-inline",
                    f"{name}= is blocked by the content policy: use a class or a script file",
                )
        if tag[1].lower() == "style":
            yield tag.start(), "no-inline", "<style> is blocked by the content policy: use a css file"
        if tag[1].lower() == "script" and "src" not in attributes and not _is_data(attributes):
            yield tag.start(), "no-inline", "<script> without src is blocked: use a file, and json_script for data"
        address = attributes.get("href")
        if address and (address[2] or "").strip("\"'").lower().startswith("javascript:"):
            yield tag.start(), "no-inline", "javascript: addresses are blocked by the content policy: use a button"


def _is_data(attributes: dict[str, re.Match[str]]) -> bool:
    return "type" in attributes and "json" in (attributes["type"][2] or "")


def _trusted(content: str) -> Iterator[Breach]:
    for match in TRUSTED.finditer(content):
        yield match.start(), "no-trusted-markup", "text from people would become markup: let Django escape it"


def _forms(content: str, hidden: str) -> Iterator[Breach]:
    for form in re.finditer(r"<form\b.*?</form>", hidden, re.DOTALL):
        opening = OPENING.match(form[0])
        words = opening[2] if opening else form[0]
        method = next((match[2] for match in ATTRIBUTE.finditer(words) if match[1].lower() == "method"), "") or ""
        if method.strip("\"'").lower() not in {"post", ""} and OPAQUE not in method:
            continue
        if not method and not re.search(r"\shx-(post|put|patch|delete)\b", words):
            continue
        body = content[form.start() : form.end()]
        for needed in ("csrf_token", "once"):
            if not re.search(rf"{{%\s*{needed}\s*%}}", body):
                yield form.start(), "safe-forms", f"this form lacks {{% {needed} %}}: add it, or use <c-form>"


def _components(hidden: str, components: Mapping[str, frozenset[str]]) -> Iterator[Breach]:
    read = {tag.start(): tag for tag in Tag.tag_pattern.finditer(hidden)}
    for start in COTTON_START.finditer(hidden):
        if start.start() not in read:
            yield (
                start.start(),
                "known-components",
                f"cotton misreads {start[0]} …>: quote every value, and leave spaces around {{% %}}",
            )
    for position, tag in read.items():
        name = tag[2]
        if tag[1] or name in BUILT_IN:
            continue
        if name.replace("_", "-") not in components:
            yield position, "known-components", f"there is no component <c-{name}>: the gallery shows those there are"
            continue
        declared = components[name.replace("_", "-")]
        for attribute in Tag.attr_pattern.finditer(tag[3] or ""):
            plain = _plain(attribute[1])
            known = plain in declared or plain in ANYWHERE or plain.startswith(PREFIXES) or OPAQUE in plain
            if not known:
                offered = ", ".join(sorted(declared)) or "nothing"
                yield position, "known-components", f"<c-{name}> knows no attribute {attribute[1]!r}, only {offered}"
