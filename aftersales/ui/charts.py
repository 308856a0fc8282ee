"""Figures to be drawn. A page hands one of these to `<c-chart>`, which draws it and shows the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aftersales.core.text import text as _
from aftersales.ui import tones

KINDS = ("bar", "line", "pareto")


@dataclass(frozen=True)
class Series:
    """One row of bars or one line: its name, one value per label, and a tone when the colour means something."""

    name: object
    values: Sequence[float | None]
    tone: str = ""


@dataclass(frozen=True)
class Chart:
    """Everything one chart says: a title, labels along the axis, and one or more series."""

    title: object
    labels: Sequence[object]
    series: Sequence[Series]
    unit: object = ""
    is_stacked: bool = False
    is_horizontal: bool = False

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise ValueError(
                    f"The series {series.name} has {len(series.values)} values for {len(self.labels)} labels."
                )
            if series.tone:
                tones.checked_tone(series.tone)


@dataclass(frozen=True)
class Table:
    """The figures of a chart as rows under a head."""

    head: tuple[object, ...]
    rows: tuple[tuple[object, ...], ...]


def as_spec(chart: Chart, kind: str) -> dict[str, Any]:
    """The chart as JSON-ready data for `chart.js`, which adds the colours."""
    drawn = prepared(chart, kind)
    return {
        "kind": kind,
        "title": str(drawn.title),
        "unit": str(drawn.unit),
        "labels": [str(label) for label in drawn.labels],
        "series": [{"name": str(one.name), "values": list(one.values), "tone": one.tone} for one in drawn.series],
        "stacked": drawn.is_stacked,
        "horizontal": drawn.is_horizontal,
        "share": cumulative_share(drawn) if kind == "pareto" else [],
        "shareName": str(_("Cumulative share")),
    }


def as_table(chart: Chart, kind: str) -> Table:
    """The chart's figures as a table; a Pareto chart gets its cumulative share as last column."""
    drawn = prepared(chart, kind)
    head: tuple[object, ...] = ("", *(one.name for one in drawn.series))
    columns: list[Sequence[object]] = [drawn.labels, *(one.values for one in drawn.series)]
    if kind == "pareto":
        head = (*head, _("Cumulative share"))
        columns.append([f"{share:.1f} %" for share in cumulative_share(drawn)])
    return Table(head, tuple(zip(*columns, strict=True)))


def prepared(chart: Chart, kind: str) -> Chart:
    """The chart as `kind` wants it: a Pareto chart is sorted, the largest first."""
    if kind not in KINDS:
        raise ValueError(f"There is no chart of the kind {kind!r}; there are {', '.join(KINDS)}.")
    if kind != "pareto":
        return chart
    if len(chart.series) != 1:
        raise ValueError("A Pareto chart has exactly one series.")
    pairs = sorted(zip(chart.labels, chart.series[0].values, strict=True), key=lambda pair: -(pair[1] or 0))
    labels, values = [label for label, _value in pairs], [value for _label, value in pairs]
    return replace(chart, labels=labels, series=[replace(chart.series[0], values=values)])


def cumulative_share(chart: Chart) -> list[float]:
    """What part of the whole each label and all before it make up, in percent."""
    values = [value or 0 for value in chart.series[0].values]
    whole = sum(values)
    shares, running = [], 0.0
    for value in values:
        running += value
        shares.append(round(100 * running / whole, 1) if whole else 0.0)
    return shares
