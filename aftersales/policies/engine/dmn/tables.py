"""A decision table of DMN as it stands in the file, before anything is known of its names."""

from __future__ import annotations

from dataclasses import dataclass, field

from aftersales.policies.engine.dmn import marks
from aftersales.policies.engine.dmn.xml import Node
from aftersales.policies.engine.errors import PolicyError, Problem

HITS = ("UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "COLLECT")
LISTS = {"RULE ORDER", "COLLECT"}


@dataclass(frozen=True)
class Entry:
    """A cell: its text, and how the policy wrote it when it went out."""

    text: str
    own: str | None = None


@dataclass
class Line:
    """A rule: its cells, and what stands beside them by the name of the column, ours in small letters."""

    inputs: list[Entry]
    outputs: list[Entry]
    beside: dict[str, str] = field(default_factory=dict)


@dataclass
class Raw:
    """A decision table."""

    name: str
    node: Node
    decision: Node
    hit: str
    lines: list[Line]

    @property
    def inputs(self) -> list[Node]:
        """The clauses of its inputs."""
        return self.node.all("input")

    @property
    def outputs(self) -> list[Node]:
        """The clauses of its outputs."""
        return self.node.all("output")

    @property
    def is_list(self) -> bool:
        """Whether all that hold speak."""
        return self.hit in LISTS


def raw_table(decision: Node, node: Node) -> Raw:
    """The table; PolicyError when its hit policy is not held or a row has more or fewer cells than the head."""
    name, hit = decision.get("name"), " ".join(node.get("hitPolicy", "UNIQUE").upper().replace("_", " ").split())
    problems = []
    if hit not in HITS:
        problems.append(Problem("dmn_hit", {"hit": hit[:40], "allowed": ", ".join(HITS)}, table=name))
    if node.get("aggregation"):
        problems.append(Problem("dmn_sum_of_all", {"what": node.get("aggregation")[:40]}, table=name))
    if not node.all("output"):
        problems.append(Problem("dmn_no_output", table=name))
    lines = []
    for number, rule in enumerate(node.all("rule"), start=1):
        line = _line(rule, [each.get("name") for each in node.all("annotation")])
        wanted = len(node.all("input")), len(node.all("output"))
        if (len(line.inputs), len(line.outputs)) != wanted:
            has = len(line.inputs) + len(line.outputs)
            problems.append(Problem("row_width", {"has": has, "wants": sum(wanted)}, table=name, row=str(number)))
        lines.append(line)
    if problems:
        raise PolicyError(problems)
    return Raw(name, node, decision, hit, lines)


def _line(rule: Node, names: list[str]) -> Line:
    beside: dict[str, str] = {}
    for name, entry in zip(names, rule.all("annotationEntry"), strict=False):
        key = name.lower() if name.lower() in marks.BESIDE else name
        beside[key] = entry.text_of("text")
    if about := rule.text_of("description"):
        beside["description"] = about
    return Line(
        [_entry(each) for each in rule.all("inputEntry")], [_entry(each) for each in rule.all("outputEntry")], beside
    )


def _entry(node: Node) -> Entry:
    more = node.one("extensionElements")
    own = next((each for each in more.all("cell") if each.space == marks.OURS), None) if more is not None else None
    return Entry(node.text_of("text"), None if own is None else own.text)
