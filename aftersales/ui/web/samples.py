"""Invented records for the gallery; no other room uses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from aftersales.core.money import Money
from aftersales.core.text import Text, text as _
from aftersales.core.workflow import ActionInfo, OpenAction
from aftersales.ui.charts import Chart, Series
from aftersales.ui.lists import Column

SAVED = _("Saved. The slip is ready to print.")
LATE = _("Two promises end today.")
NAMES = ("Zhang Wei", "Li Na", "Wang Fang", "Chen Jie", "Yang Min", "Zhao Lei", "Huang Ting", "Zhou Qiang")
UNITS = (
    "Phone X20 Pro",
    "Laptop 14 Air",
    "Rice harvester 4LZ-6.0",
    "City SUV 1.5T",
    "Rice cooker 4L",
    "Tractor LX1204",
)


@dataclass(frozen=True)
class SampleClock:
    """A running clock as the deadlines room would hand it out."""

    label: Text
    due_at: datetime
    shown_tone: str
    stopped_at: datetime | None = None
    is_paused: bool = False
    pause_reason: object = ""
    pause_owner: str = ""

    def tone(self, now: datetime) -> str:
        """The tone to show it in."""
        return self.shown_tone


@dataclass(frozen=True)
class Day:
    """One line of an explanation."""

    date: date
    counted: bool
    what: Text
    is_due: bool = False


@dataclass(frozen=True)
class Moment:
    """One line of a history."""

    at: datetime
    who: str
    tone: str
    icon: str
    title: Text


@dataclass(frozen=True)
class Row:
    """One row of the sample list."""

    number: str
    customer: str
    phone: str
    unit: str
    state: Text
    tone: str
    received_at: datetime
    amount: Money
    clock: SampleClock


@dataclass(frozen=True)
class BoardColumn:
    """One column of the sample board."""

    title: Text
    tone: str
    rows: Sequence[Row]


class SampleAction(StrEnum):
    """Acts of the sample record."""

    QUOTE = "quote"
    REPAIR = "repair"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Answer:
    """One answer of the sample checklist."""

    code: str
    label: Text
    tone: str
    is_usual: bool = False


@dataclass(frozen=True)
class Point:
    """One line of the sample checklist."""

    code: str
    label: Text
    answers: tuple[Answer, ...]
    is_required: bool = False


@dataclass(frozen=True)
class Area:
    """A named part of the sample drawing."""

    code: str
    label: Text
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class View:
    """A side of the sample drawing."""

    label: Text
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """An outline to mark."""

    label: Text
    width: int
    height: int
    areas: tuple[Area, ...]
    lines: tuple[str, ...] = ()
    views: tuple[View, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A mark on it."""

    number: int
    x: int
    y: int
    area: Text
    damage: Text
    note: str = ""


SIGNATURE = (
    ((160, 250), (190, 120), (240, 90), (250, 180), (210, 260), (290, 150), (330, 250)),
    ((360, 240), (420, 160), (450, 250), (500, 150), (540, 250), (640, 170), (760, 230), (860, 120)),
)
BOX = Drawing(
    _("A box"),
    600,
    320,
    (
        Area("lid", _("Lid"), "M60 60L260 60L260 110L60 110Z", 160, 85),
        Area("front", _("Front"), "M60 116L260 116L260 260L60 260Z", 160, 190),
        Area("side", _("Side"), "M340 60L540 60L540 260L340 260Z", 440, 160),
    ),
    ("M100 190L220 190",),
    (View(_("Front"), 160, 296), View(_("Side"), 440, 296)),
)
DAMAGE = {"scratch": _("Scratch"), "dent": _("Dent")}
MARKS = [Mark(1, 120, 84, _("Lid"), _("Scratch")), Mark(2, 470, 200, _("Side"), _("Dent"), "3 cm")]
STATE = (Answer("good", _("Good"), "success", is_usual=True), Answer("worn", _("Worn"), "warning"))
POINTS = (Point("lid", _("Lid"), STATE, is_required=True), Point("front", _("Front"), STATE))
STATES = (
    (_("Received"), "neutral"),
    (_("Diagnosed"), "info"),
    (_("Waiting for the customer"), "warning"),
    (_("In repair"), "progress"),
    (_("Ready"), "success"),
    (_("Overdue"), "danger"),
)
COLUMNS = (
    Column("number", _("Number"), ("number",)),
    Column("customer", _("Customer"), ("customer",)),
    Column("unit", _("Unit")),
    Column("state", _("State")),
    Column("promise", _("Promised")),
    Column("received", _("Received"), ("received_at",)),
    Column("amount", _("Amount"), ("amount",), is_number=True),
)


def clocks(now: datetime) -> list[SampleClock]:
    """A clock in every condition."""
    label = _("Back within three working days")
    return [
        SampleClock(label, now + timedelta(days=2, hours=3), "success"),
        SampleClock(label, now + timedelta(hours=3), "warning"),
        SampleClock(label, now - timedelta(hours=5), "danger"),
        SampleClock(
            label,
            now + timedelta(days=1),
            "neutral",
            is_paused=True,
            pause_reason=_("Part ordered from the manufacturer"),
            pause_owner="Chen Jie",
        ),
        SampleClock(label, now + timedelta(days=1), "success", stopped_at=now - timedelta(hours=1)),
    ]


def days(now: datetime) -> list[Day]:
    """Why the promise ends when it does."""
    said = (
        (False, _("Taken in after closing time; counting starts tomorrow")),
        (True, _("First working day")),
        (False, _("Public holiday")),
        (True, _("Make-up workday: second working day")),
        (True, _("Third working day: the promise ends at closing time")),
    )
    return [
        Day(now.date() + timedelta(days=place), counted, what, is_due=place == len(said) - 1)
        for place, (counted, what) in enumerate(said)
    ]


def moments(now: datetime) -> list[Moment]:
    """A history, newest first."""
    return [
        Moment(now - timedelta(minutes=20), "Chen Jie", "progress", "tool", _("Repair begun")),
        Moment(now - timedelta(hours=5), "Li Na", "success", "thumb-up", _("The customer agreed by telephone")),
        Moment(now - timedelta(hours=26), "Chen Jie", "info", "stethoscope", _("Diagnosed: battery worn out")),
        Moment(now - timedelta(days=2), "Li Na", "neutral", "clipboard-plus", _("Taken in")),
    ]


def open_actions() -> list[OpenAction[SampleAction]]:
    """Acts that can be done, and one that cannot yet."""
    return [
        OpenAction(SampleAction.QUOTE, ActionInfo(_("Write the quotation"), _("Quoted"), icon="receipt")),
        OpenAction(
            SampleAction.REPAIR, ActionInfo(_("Begin the repair"), _("Repair begun"), tone="secondary", icon="tool")
        ),
        OpenAction(
            SampleAction.HAND_OVER, ActionInfo(_("Hand over"), _("Handed over")), _("¥320.00 are still to be paid.")
        ),
        OpenAction(
            SampleAction.CANCEL, ActionInfo(_("Cancel"), _("Cancelled"), is_main=False, tone="danger", icon="ban")
        ),
    ]


def charts() -> dict[str, Chart]:
    """One chart of each kind."""
    months = ["6", "7", "8", "9", "10", "11"]
    kinds = [_("Phones"), _("Laptops"), _("Tractors"), _("Harvesters"), _("Cars"), _("Gifts")]
    return {
        "bar": Chart(
            _("Orders by month"),
            months,
            [
                Series(_("Received"), [120, 132, 151, 144, 171, 98]),
                Series(_("Handed over"), [116, 130, 140, 149, 160, 84]),
            ],
            unit=_("orders"),
        ),
        "line": Chart(
            _("Promises kept"),
            months,
            [Series(_("Kept"), [94.0, 95.5, 93.2, 96.1, 97.0, 96.4], "success")],
            unit="%",
        ),
        "pareto": Chart(
            _("Faults by category"), kinds, [Series(_("Orders"), [310, 122, 85, 64, 201, 18])], unit=_("orders")
        ),
    }


def rows(now: datetime, order_by: tuple[str, ...]) -> list[Row]:
    """Rows of the sample list, in the order asked for."""
    field = order_by[0]
    made = [_row(now, place) for place in range(137)]
    return sorted(made, key=lambda row: getattr(row, field.removeprefix("-")), reverse=field.startswith("-"))


def _row(now: datetime, place: int) -> Row:
    label, tone = STATES[place % len(STATES)]
    received_at = (now - timedelta(hours=7 * place + 2)).astimezone(UTC)
    return Row(
        number=f"RO-NJ-{received_at.year}-{1500 - place:06d}",
        customer=NAMES[place % len(NAMES)],
        phone=f"138{place * 7919 % 10**8:08d}",
        unit=UNITS[place % len(UNITS)],
        state=label,
        tone=tone,
        received_at=received_at,
        amount=Money(place * 1730 % 90000),
        clock=clocks(now)[place % 5],
    )


def columns(now: datetime) -> list[BoardColumn]:
    """The sample board."""
    made = [_row(now, place) for place in range(40)]
    return [
        BoardColumn(label, tone, [row for row in made if row.state is label][: 5 - place % 3])
        for place, (label, tone) in enumerate(STATES)
    ]
