"""Long lists in pages: one page of rows, sortable heads, and the filters in force as chips that can be taken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

T = TypeVar("T")
COUNT_CAP = 1000
"""Beyond this many rows the exact number helps nobody and costs a scan: it is shown as “1000+”."""


class Asked(Protocol):
    """Whoever asks for a list: a request, or an export that asks for the same list once more."""

    @property
    def GET(self) -> QueryDict:  # noqa: N802 - as Django calls it
        """The filters and the order, as they stand in the address."""


FAR = 500
"""From this row on a page is fetched in two steps."""
FARTHEST = 10_000
"""So many rows can be turned over page by page; every row before a page has to be passed, and nobody turns two hundred pages."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, where it stands, and the addresses of its neighbours."""

    items: Sequence[T]
    number: int
    per_page: int
    has_next: bool
    count: int
    is_capped: bool
    query: str = ""
    parameter: str = "page"
    is_last_shown: bool = False
    """Whether there are more rows, but no further page: a filter or an export leads to them."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before this one."""
        return self.number > 1

    @property
    def is_alone(self) -> bool:
        """Whether the list has only this page."""
        return not (self.has_next or self.has_previous)

    @property
    def first_row(self) -> int:
        """The number of the first row shown, counted from 1; 0 when there is none."""
        return (self.number - 1) * self.per_page + 1 if self.items else 0

    @property
    def last_row(self) -> int:
        """The number of the last row shown."""
        return (self.number - 1) * self.per_page + len(self.items)

    @property
    def total(self) -> str:
        """How many rows there are, as far as they were counted."""
        return f"{self.count}+" if self.is_capped else str(self.count)

    @property
    def next_url(self) -> str:
        """The address of the next page, with all filters kept."""
        return self.url_of(self.number + 1)

    @property
    def previous_url(self) -> str:
        """The address of the page before, with all filters kept."""
        return self.url_of(self.number - 1)

    @property
    def first_url(self) -> str:
        """The address of the first page."""
        return self.url_of(1)

    def url_of(self, number: int) -> str:
        """The address of page `number`, with all filters kept."""
        return _with(QueryDict(self.query), {self.parameter: None if number <= 1 else str(number)})


def paginate(
    rows: QuerySet[Any, T] | Sequence[T],
    request: Asked,
    per_page: int = 50,
    *,
    parameter: str = "page",
    count_cap: int = COUNT_CAP,
) -> Page[T]:
    """The page of `rows` that the request asks for; counts no further than `count_cap`."""
    farthest = max(1, FARTHEST // per_page)
    number = min(_page_number(request.GET.get(parameter, "")), farthest)
    start = (number - 1) * per_page
    window = _window(rows, start, start + per_page + 1)
    has_next = len(window) > per_page
    if not has_next and (window or number == 1):
        count = start + len(window)
    else:
        count = _capped_count(rows, count_cap + 1)
    is_capped = count > count_cap
    return Page(
        items=window[:per_page],
        number=number,
        per_page=per_page,
        has_next=has_next and number < farthest,
        count=min(count, count_cap) if is_capped and has_next else count,
        is_capped=is_capped and has_next,
        query=request.GET.urlencode(),
        parameter=parameter,
        is_last_shown=has_next and number == farthest,
    )


def _window(rows: QuerySet[Any, T] | Sequence[T], start: int, stop: int) -> list[T]:
    if not isinstance(rows, QuerySet) or start < FAR:
        return list(rows[start:stop])
    # Far down, the rows passed over are counted by an index alone; only those of the page are fetched with all they show.
    keys = list(rows.values_list("pk", flat=True)[start:stop])
    return list(rows.filter(pk__in=keys)) if keys else []


@dataclass(frozen=True)
class Column:
    """A column people may sort by: its key in the address, its heading, and the fields it sorts by."""

    key: str
    label: object
    order_by: tuple[str, ...] = ()
    is_number: bool = False


@dataclass(frozen=True)
class Head:
    """A column's heading as drawn: the address that sorts by it and the direction in force."""

    label: object
    url: str
    direction: str
    is_number: bool

    @property
    def aria_sort(self) -> str:
        """The value of `aria-sort`, empty when the list is not sorted by this column."""
        return self.direction


@dataclass(frozen=True)
class Sorting:
    """The order in force, and the headings that change it."""

    order_by: tuple[str, ...]
    heads: tuple[Head, ...]


def sorting(request: Asked, columns: Sequence[Column], *, default: str) -> Sorting:
    """The order that `?sort=key` or `?sort=-key` asks for; `default` when it asks for none that is offered."""
    offered = {column.key: column for column in columns if column.order_by}
    asked = request.GET.get("sort", "")
    chosen = asked if asked.removeprefix("-") in offered else default
    key, is_falling = chosen.removeprefix("-"), chosen.startswith("-")
    fields = offered[key].order_by
    order_by = tuple(_reverse(field) for field in fields) if is_falling else fields
    return Sorting(order_by, tuple(_head(request, column, key, is_falling=is_falling) for column in columns))


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A list as it was asked for, for its page and for its export: every row, the filter, the order in force."""

    rows: QuerySet[Any, T]
    form: forms.BaseForm
    sorting: Sorting


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it filters, by what, and the address without it."""

    label: object
    value: object
    remove_url: str


def chips(request: Asked, form: forms.BaseForm) -> list[Chip]:
    """One chip for every field of the filter `form` that the address fills."""
    found = []
    for field in form:
        for value in request.GET.getlist(field.html_name):
            if value:
                rest = request.GET.copy()
                rest.setlist(field.html_name, [other for other in rest.getlist(field.html_name) if other != value])
                found.append(Chip(field.label, _shown(field.field, value), _with(rest, {"page": None})))
    return found


def _shown(field: forms.Field, value: str) -> object:
    for key, label in getattr(field, "choices", ()):
        within = (
            label if isinstance(label, list | tuple) else ((key, label),)
        )  # a group of choices has them in its label
        for one, words in within:
            if str(one) == value:
                return cast("object", words)
    return value


def _head(request: Asked, column: Column, key: str, *, is_falling: bool) -> Head:
    if not column.order_by:
        return Head(column.label, "", "", column.is_number)
    is_chosen = column.key == key
    turned = f"-{column.key}" if is_chosen and not is_falling else column.key
    direction = ("descending" if is_falling else "ascending") if is_chosen else ""
    return Head(column.label, _with(request.GET.copy(), {"sort": turned, "page": None}), direction, column.is_number)


def _reverse(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def _page_number(typed: str) -> int:
    return max(1, min(int(typed), 100_000)) if typed.isdecimal() and typed.isascii() and len(typed) < 7 else 1


def _capped_count(rows: QuerySet[Any, T] | Sequence[T], cap: int) -> int:
    return rows.order_by()[:cap].count() if isinstance(rows, QuerySet) else min(len(rows), cap)


def _with(query: QueryDict, changes: dict[str, str | None]) -> str:
    pairs = [(name, value) for name, values in query.lists() if name not in changes for value in values]
    pairs += [(name, value) for name, value in changes.items() if value is not None]
    return f"?{urlencode(pairs)}"
