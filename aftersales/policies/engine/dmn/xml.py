"""XML as it comes from strangers: a small tree, and nothing that could run, load or grow. No document type, no entities."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from aftersales.policies.engine.errors import PolicyError, Problem

LARGEST = 5_000_000
"""Bytes of a file."""
DEEPEST = 60
MOST_ELEMENTS = 200_000
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML file can hold."""


@dataclass
class Node:
    """An element: its name without and its namespace, what stands in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""
    space: str = ""

    def all(self, *names: str) -> list[Node]:
        """The children of these names."""
        return [child for child in self.children if child.name in names]

    def one(self, name: str) -> Node | None:
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def text_of(self, *path: str) -> str:
        """The text below some names, blanks tidied; empty when there is none."""
        node: Node | None = self
        for name in path:
            node = node.one(name) if node is not None else None
        return " ".join(node.text.split()) if node is not None else ""

    def get(self, name: str, otherwise: str = "") -> str:
        """An attribute, blanks tidied."""
        return " ".join(self.attributes.get(name, otherwise).split())


class _Builder:
    def __init__(self) -> None:
        self.top: Node | None = None
        self.open: list[Node] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST:
            raise PolicyError([Problem("dmn_too_deep", {"most": DEEPEST})])
        if self.count > MOST_ELEMENTS:
            raise PolicyError([Problem("dmn_too_many", {"most": MOST_ELEMENTS})])
        space, _blank, bare = name.rpartition(" ")
        node = Node(bare, {key.rpartition(" ")[2]: value for key, value in attributes.items()}, space=space)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.top = node
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def told(self, text: str) -> None:
        self.open[-1].text += text

    def doctype(self, *_about: object) -> None:
        raise PolicyError([Problem("dmn_doctype")])


def read_xml(raw: bytes) -> Node:
    """The tree; PolicyError when it is no XML, too large, too deep, or names a document type."""
    if len(raw) > LARGEST:
        raise PolicyError([Problem("dmn_too_large", {"most": LARGEST})])
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.told
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - expat takes it by place only
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise PolicyError([Problem("dmn_no_xml", line=getattr(error, "lineno", 0))]) from None
    if builder.top is None:
        raise PolicyError([Problem("dmn_no_xml")])
    return builder.top


def write_xml(top: Node, spaces: dict[str, str]) -> str:
    """The tree as text, children on lines of their own; PolicyError when a sign in it has no place in XML."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(top, "".join(f" {name}={quoteattr(value)}" for name, value in spaces.items()), "", lines)
    text = "\n".join(lines) + "\n"
    if strange := _NO_XML.search(text):
        raise PolicyError([Problem("dmn_sign", {"sign": f"U+{ord(strange[0]):04X}"})])
    return text


def _write(node: Node, spaces: str, indent: str, lines: list[str]) -> None:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    opening = f"{indent}<{node.name}{spaces}{attributes}"
    if node.children:
        lines.append(opening + ">")
        for child in node.children:
            _write(child, "", indent + "  ", lines)
        lines.append(f"{indent}</{node.name}>")
    elif node.text:
        lines.append(f"{opening}>{escape(node.text)}</{node.name}>")
    else:
        lines.append(opening + "/>")
