"""Names that both directions share: namespaces, columns beside the rules, and what tells that a table was left as it went out."""

from __future__ import annotations

import hashlib

from aftersales.policies.engine.dmn.xml import Node

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
MODELS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    MODEL,
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
"""DMN 1.1 to 1.5: a decision table is written alike in all of them."""
OURS = "urn:aftersales:policy:1"
BESIDE = ("id", "level", "over", "cite", "flags", "remark", "row")
"""Columns of annotations; `row` is the place in the policy, whose rows need no order."""


def digest(nodes: list[Node]) -> str:
    """Of elements without their names for machines and without what other makers add: the same means nothing was changed."""
    return hashlib.sha256(repr([_bare(node) for node in nodes]).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _bare(node: Node) -> tuple[object, ...]:
    kept = sorted((key, value) for key, value in node.attributes.items() if key not in {"id", "label", "typeRef"})
    children = [_bare(child) for child in node.children if child.name not in {"extensionElements", "description"}]
    return node.name, kept, " ".join(node.text.split()), children


def head_of(table: Node) -> list[Node]:
    """Of a decision table all but the rows."""
    return table.all("input", "output", "annotation")
