"""What can stand on a paper: facts, words, a table, boxes to tick, a drawing, places to sign. Every text is final, in one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar


class PaperSize(StrEnum):
    """What a printer holds."""

    A4 = "a4"
    ROLL = "80"
    """The 80 mm roll of a receipt printer; one sheet as long as it must be."""
    LABEL = "label"
    """60 × 40 mm."""


@dataclass(frozen=True)
class Picture:
    """A drawing of our own making as SVG, and what it shows in words."""

    svg: str
    alt: str
    width_mm: float = 30

    @property
    def data_uri(self) -> str:
        """The picture as an address that needs no second request."""
        # Only the characters that would end the address or start something else need another form.
        body = self.svg.replace("%", "%25").replace("#", "%23").replace("\n", " ")
        return "data:image/svg+xml," + body.replace("<", "%3C").replace(">", "%3E").replace('"', "%22")


@dataclass(frozen=True)
class Fact:
    """A label and what is so."""

    label: str
    value: str
    is_wide: bool = False
    is_strong: bool = False


@dataclass(frozen=True)
class Facts:
    """Facts, two beside each other where there is room."""

    rows: tuple[Fact, ...]
    title: str = ""
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Words:
    """Running text; `box` sets it apart, `small` is for terms."""

    text: str
    title: str = ""
    look: str = "plain"
    kind: ClassVar[str] = "words"


@dataclass(frozen=True)
class Column:
    """A column of a table; the widest takes what the others leave."""

    label: str
    is_number: bool = False
    is_main: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table: its cells, what is said below the main one, and what stands for the middle cells on a narrow roll."""

    cells: tuple[str, ...]
    note: str = ""
    brief: str = ""
    is_struck: bool = False
    ticks: tuple[bool, ...] = ()
    """Which of the table's boxes are ticked; one for each."""


@dataclass(frozen=True)
class Sum:
    """A line below a table."""

    label: str
    amount: str
    is_strong: bool = False


@dataclass(frozen=True)
class Table:
    """Lines in columns, with boxes to tick at the end of each, and sums; `empty` is said when there is no line."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...] = ()
    boxes: tuple[str, ...] = ()
    title: str = ""
    empty: str = ""
    kind: ClassVar[str] = "table"

    @property
    def width(self) -> int:
        """How many columns there are, boxes too."""
        return len(self.columns) + len(self.boxes)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, str]], list[tuple[str, bool]], str]]:
        """Each row with its cells beside their columns, its boxes beside their words, and what its main cell says."""
        main = next((place for place, column in enumerate(self.columns) if column.is_main), 0)
        return [
            (
                row,
                list(zip(self.columns, row.cells, strict=True)),
                list(zip(self.boxes, row.ticks, strict=True)),
                row.cells[main],
            )
            for row in self.rows
        ]


@dataclass(frozen=True)
class Check:
    """A point with its boxes: each a word and whether it is ticked."""

    label: str
    boxes: tuple[tuple[str, bool], ...]
    note: str = ""


@dataclass(frozen=True)
class Checks:
    """Points to tick, by hand or already ticked; with one box each they stand beside each other, the box before the words."""

    rows: tuple[Check, ...]
    title: str = ""
    kind: ClassVar[str] = "checks"

    @property
    def is_short(self) -> bool:
        """Whether each point has but one box."""
        return all(len(check.boxes) == 1 for check in self.rows)


@dataclass(frozen=True)
class Drawing:
    """A drawing with what its marks mean."""

    picture: Picture
    legend: tuple[str, ...] = ()
    title: str = ""
    kind: ClassVar[str] = "drawing"


@dataclass(frozen=True)
class Signature:
    """A place to sign: signed on the screen, or empty for the pen."""

    label: str
    picture: Picture | None = None
    name: str = ""
    at: str = ""


@dataclass(frozen=True)
class Signatures:
    """Places to sign beside each other."""

    places: tuple[Signature, ...]
    kind: ClassVar[str] = "signatures"


Block = Facts | Words | Table | Checks | Drawing | Signatures


@dataclass(frozen=True)
class Letterhead:
    """Who speaks on the paper."""

    name: str
    lines: tuple[str, ...] = ()
    logo: Picture | None = None


@dataclass(frozen=True)
class Paper:
    """A whole paper in one language."""

    size: PaperSize
    language: str
    title: str
    number: str
    head: Letterhead
    code: Picture
    """The QR code that opens the record."""
    code_label: str = ""
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    notice: str = ""
    """What must be said on every page, such as that all of it is invented."""
    pages: str = "{page} / {pages}"
    """How pages are numbered."""
    lines: tuple[str, ...] = field(default=())
    """What a label says; a label has nothing else."""

    @property
    def html_language(self) -> str:
        """The language as browsers name it."""
        return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(self.language, self.language)

    def as_data(self) -> dict[str, Any]:
        """The paper as plain data for typst."""
        data: dict[str, Any] = _plain(self)
        data["blocks"] = [{"kind": block.kind, **_plain(block)} for block in self.blocks]
        return data


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
