"""A decision as it was written to DMN, in the notation of zen-engine: a second engine to be measured against, and to check by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from aftersales.policies.engine.dmn import feel
from aftersales.policies.engine.dmn.xml import Node, read_xml


def to_zen(dmn: str, service: str) -> str:
    """The tables of one decision service, one after the other, each adding to what is known."""
    top = read_xml(dmn.encode())
    chosen = next(node for node in top.all("decisionService") if node.get("name") == service)
    wanted = {each.get("href").removeprefix("#") for each in chosen.all("outputDecision", "encapsulatedDecision")}
    tables = [node for node in top.all("decision") if node.get("id") in wanted]
    alone = {node.get("name"): _outputs(node)[0] for node in tables if len(_outputs(node)) == 1}
    nodes = [
        {"id": "in", "type": "inputNode"},
        *(_node(node, alone) for node in tables),
        {"id": "out", "type": "outputNode"},
    ]
    for node in nodes:
        node |= {"name": node["id"], "position": {"x": 0, "y": 0}}
    steps = pairwise(nodes)
    edges = [
        {"id": f"e{at}", "type": "edge", "sourceId": one["id"], "targetId": other["id"]}
        for at, (one, other) in enumerate(steps)
    ]
    return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False)


def _outputs(decision: Node) -> list[str]:
    table = decision.one("decisionTable")
    return [each.get("name") for each in table.all("output")] if table is not None else []


def _node(decision: Node, alone: Mapping[str, str]) -> dict[str, Any]:
    table = decision.one("decisionTable")
    names = [each.text_of("inputExpression", "text") for each in table.all("input")]
    fields = [alone.get(name) or name.rpartition(".")[2] for name in names]
    rules = [_rule(rule, number) for number, rule in enumerate(table.all("rule"))]
    is_list = table.get("hitPolicy") == "COLLECT"
    if not is_list:
        defaults = [each.text_of("defaultOutputEntry", "text") or "null" for each in table.all("output")]
        rules.append({"_id": "otherwise", **{f"o{at}": text for at, text in enumerate(defaults)}})
    return {
        "id": decision.get("id"),
        "type": "decisionTableNode",
        "content": {
            "hitPolicy": "collect" if is_list else "first",
            "passThrough": True,
            "inputs": [{"id": f"i{at}", "name": field, "field": field} for at, field in enumerate(fields)],
            "outputs": [{"id": f"o{at}", "name": name, "field": name} for at, name in enumerate(_outputs(decision))],
            "rules": rules,
            **({"outputPath": f"list_{decision.get('name').removeprefix('return_')}"} if is_list else {}),
        },
    }


def _rule(rule: Node, number: int) -> dict[str, str]:
    told = {f"i{at}": _cell(each.text_of("text")) for at, each in enumerate(rule.all("inputEntry"))}
    said = {f"o{at}": each.text_of("text") for at, each in enumerate(rule.all("outputEntry"))}
    return {"_id": f"r{number}", **told, **said}


def _cell(text: str) -> str:
    """Null first: a comparison with null is an error there, and the row is passed over."""
    tests = feel.read_cell(text)
    if not tests.tests:
        return ""
    if tests.is_negated:
        values = [test.value for test in _null_first(tests) if not test.is_range]
        none_of = [f"not($ in [{', '.join(map(_literal, values))}])"] if values else []
        return " and ".join([*none_of, *(f"not({_within(test)})" for test in tests.tests if test.is_range)])
    return ", ".join(_test(test) for test in _null_first(tests))


def _null_first(tests: feel.Tests) -> list[feel.Test]:
    return sorted(tests.tests, key=lambda test: test.is_range or test.value is not None)


def _literal(value: feel.Literal) -> str:
    if isinstance(value, date):
        return str(value.toordinal())  # as our normalised facts are
    return feel.literal_text(value, "")


def _test(test: feel.Test) -> str:
    if not test.is_range:
        return _literal(test.value)
    if test.low is None:
        return f"{'<=' if test.has_high else '<'} {_literal(test.high)}"
    if test.high is None:
        return f"{'>=' if test.has_low else '>'} {_literal(test.low)}"
    ends = "[" if test.has_low else "(", "]" if test.has_high else ")"
    return f"{ends[0]}{_literal(test.low)}..{_literal(test.high)}{ends[1]}"


def _within(test: feel.Test) -> str:
    """A range in words: “or” has no place in these cells."""
    bounds = []
    if test.low is not None:
        bounds.append(f"$ {'>=' if test.has_low else '>'} {_literal(test.low)}")
    if test.high is not None:
        bounds.append(f"$ {'<=' if test.has_high else '<'} {_literal(test.high)}")
    return " and ".join(bounds)
