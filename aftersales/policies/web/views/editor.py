"""The editor of a draft: its tables as grids, row by row, with what the check says while one types; clauses, text, first day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Conflict, Missing, Refused
from aftersales.core.text import Text, text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.policies import queries, services
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import Column, GridView, RowView
from aftersales.policies.rules import rows as rules
from aftersales.policies.rules.rows import Address
from aftersales.policies.web import telling
from aftersales.policies.web.edit_desk import Desk, chips_of, desk_of
from aftersales.policies.web.edit_forms import AboutForm, ClauseForm, FilterForm, RowForm, TextForm
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import paginate

PER_PAGE = 100
KEPT = ("q", "clause", "found", "all", "page")
"""What an opened row keeps of how the table was narrowed."""


# The draft as a whole


@needs(Permission.SEE)
@require_safe
def edit(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Everything that can be edited in a version."""
    desk = desk_of(request, policy, number, "tables")
    about = AboutForm(initial=_about(desk))
    return render(request, "policies/edit.html", _overview(request, desk, about))


@needs(Permission.SEE)
@require_safe
def check_draft(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The check of the whole version: what was found, table by table."""
    desk = desk_of(request, policy, number, "tables")
    template = "policies/edit.html#checked" if request.htmx else "policies/edit.html"
    return render(request, template, _overview(request, desk, AboutForm(initial=_about(desk)), is_checked=True))


def _overview(request: ActorRequest, desk: Desk, about: AboutForm, *, is_checked: bool = False) -> dict[str, Any]:
    found = queries.tell_examination(desk.version) if is_checked else None
    overview = queries.overview_of(request.actor, desk.version, found=found)
    examined = queries.examine(desk.version) if is_checked else None
    told = [(each, _table_url(desk, each)) for each in found or ()]
    return {
        "desk": desk,
        "about": about,
        "check_url": desk.url("check_draft"),
        "decisions": [(title, [(line, desk.table_url(line.address)) for line in lines]) for _key, title, lines in overview.decisions],
        "registers": [(line, desk.table_url(line.address)) for line in overview.registers],
        "clauses": [(*clause, desk.url("edit_clause", clause[0])) for clause in overview.clauses],
        "is_checked": is_checked,
        "examined": examined,
        "accepted": telling.let_stand(desk.version, examined.reports) if examined else (),
        "faults": [pair for pair in told if pair[0].is_serious],
        "remarks": [pair for pair in told if not pair[0].is_serious],
    }  # fmt: skip


def _table_url(desk: Desk, found: queries.Found) -> str:
    if not found.table:
        return ""
    row = f"?{urlencode({'row': found.rules[0]})}#row-{found.rules[0]}" if found.rules else ""
    return desk.table_url(Address(found.decision, found.table)) + row


def _about(desk: Desk) -> dict[str, Any]:
    names = ("effective_from", "note", "version")
    return {name: getattr(desk.version, name) for name in names}


@needs(Permission.EDIT)
@require_POST
def edit_about(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Another first day, another word on what changes."""
    desk = desk_of(request, policy, number, "tables")
    form, status = AboutForm(request.POST), 422
    if form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            services.edit_draft(
                request.actor, policy=policy, number=number, version=typed.pop("version"), changes=typed,
                now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
        else:
            messages.success(request, str(_("Saved.")))
            return redirect("policies:edit", policy, number)
    return render(request, "policies/edit.html", _overview(request, desk, form), status=status)


# One table


@needs(Permission.SEE)
@require_safe
def edit_table(request: ActorRequest, policy: str, number: int, decision: str, table: str) -> HttpResponse:
    """One table as a grid; `?row=` opens a row, `?new=1` an empty one, `?like=` a copy."""
    desk = desk_of(request, policy, number, "tables")
    grid = queries.get_grid(request.actor, desk.version, Address(decision, table))
    opened = _asked_row(request, desk, grid) if desk.can_edit else None
    form = None
    if opened is not None:
        form = RowForm(grid.columns, row=opened, after=request.GET.get("like", ""))
    return _grid_page(request, desk, grid, form)


def _asked_row(request: ActorRequest, desk: Desk, grid: GridView) -> RowView | None:
    if name := request.GET.get("row", ""):
        return next((row for row in grid.rows if row.id == name), None)
    like, gap = request.GET.get("like", ""), request.GET.get("gap", "")
    if gap.isdecimal():
        return queries.new_row(desk.version, grid, gap=next(iter(_gaps(grid)[int(gap) : int(gap) + 1]), None))
    if like or request.GET.get("new"):
        return queries.new_row(desk.version, grid, like=like if any(row.id == like for row in grid.rows) else "")
    return None


def _gaps(grid: GridView) -> list[queries.Found]:
    return [each for each in grid.found if each.cells]


@dataclass(frozen=True)
class Line:
    """A row as it is drawn: its cells that are shown, where it is opened, the form when it is open."""

    row: RowView
    cells: tuple[Any, ...]
    url: str
    form: RowForm | None = None
    is_saved: bool = False


def _grid_page(
    request: ActorRequest,
    desk: Desk,
    grid: GridView,
    form: RowForm | None = None,
    *,
    status: int = 200,
    saved: str = "",
) -> HttpResponse:
    narrowed = FilterForm(
        _filters(request), clauses=[(key, f"{key} {title}") for key, title, _text in grid.clauses],
        has_findings=any(row.findings for row in grid.rows),
    )  # fmt: skip
    rows = _narrowed(grid, narrowed)
    page = paginate(rows, _Turned(request, _page_of(rows, form, saved)), PER_PAGE)
    columns = _shown(grid, list(page), with_empty=_asked(narrowed, "all") == "True")
    here = desk.table_url(grid.address)
    kept = {name: value for name, value in _filters(request).items() if name in KEPT and value}
    is_new = form is not None and not form["row"].value()
    context = {
        "desk": desk,
        "grid": grid,
        "here": here,
        "urls": desk.row_urls(grid.address),
        "post_url": desk.table_url(grid.address, "add_row" if is_new else "set_row"),
        "columns": columns,
        "lines": [_line(row, columns, here, kept, form, saved) for row in page],
        "page": page,
        "hidden_columns": len(grid.columns) - len(columns),
        "filter": narrowed,
        "chips": chips_of(request, narrowed),
        "form": form,
        "fields": None if form is None else _fields(form, grid),
        "is_new": is_new,
        "leave_url": f"{here}?{urlencode(kept)}" if kept else here,
        "add_url": f"{here}?{urlencode({**kept, 'new': '1'})}",
        "faults": [(each, _closing(desk, grid, each, here)) for each in grid.found if each.is_serious],
        "remarks": [each for each in grid.found if not each.is_serious],
        "clauses": _clauses_beside(grid, form),
        "kept": kept,
    }  # fmt: skip
    template = "policies/edit_table.html#grid" if request.htmx else "policies/edit_table.html"
    return render(request, template, context, status=status)


def _closing(desk: Desk, grid: GridView, found: queries.Found, here: str) -> str:
    """Where a row that closes this gap is opened; empty when it is no gap, or nobody may edit."""
    return f"{here}?gap={_gaps(grid).index(found)}" if found.cells and desk.can_edit else ""


def _clauses_beside(grid: GridView, form: RowForm | None) -> list[tuple[str, str, str]]:
    """The words of the clauses that the open row cites."""
    column = next((each for each in grid.columns if each.role == "cite"), None)
    if form is None or column is None:
        return []
    named = [each.strip() for each in str(form[column.key].value() or "").split(",")]
    return [clause for clause in grid.clauses if clause[0] in named]


class _Turned:
    """The filters in force, at the page on which the row in hand stands."""

    def __init__(self, request: ActorRequest, number: int) -> None:
        self.GET = _filters(request).copy()
        for name in [each for each in self.GET if each not in KEPT]:
            del self.GET[name]
        if number:
            self.GET["page"] = str(number)


def _page_of(rows: list[RowView], form: RowForm | None, saved: str) -> int:
    wanted = saved or (form["row"].value() if form is not None else "")
    return next((at // PER_PAGE + 1 for at, row in enumerate(rows) if wanted and row.id == wanted), 0)


def _filters(request: ActorRequest) -> Any:
    return request.GET if request.method in {"GET", "HEAD"} else request.POST


def _asked(form: FilterForm, name: str) -> str:
    form.is_valid()
    return str(form.cleaned_data.get(name, "") or "")


def _narrowed(grid: GridView, form: FilterForm) -> list[RowView]:
    words, clause, found = _asked(form, "q"), _asked(form, "clause"), _asked(form, "found")
    rows = [row for row in grid.rows if not words or row.holds(words)]
    if clause:
        rows = [row for row in rows if clause in _clauses_of(row)]
    return [row for row in rows if row.findings] if found else rows


def _clauses_of(row: RowView) -> list[str]:
    named = next((cell.raw for cell in row.cells if cell.column.role == "cite"), "")
    return [each.strip() for each in named.split(",")]


def _shown(grid: GridView, rows: list[RowView], *, with_empty: bool) -> list[Column]:
    """The columns in which something stands; all when there is no row to judge by."""
    full = {cell.column.key for row in rows for cell in row.cells if not cell.is_empty}
    return [each for each in grid.columns if with_empty or not rows or each.role == "id" or each.key in full]


def _line(
    row: RowView, columns: list[Column], here: str, kept: dict[str, str], form: RowForm | None, saved: str
) -> Line:
    shown = {each.key for each in columns}
    cells = tuple(cell for cell in row.cells if cell.column.key in shown)
    url = f"{here}?{urlencode({**kept, 'row': row.id})}#row-{row.id}"
    is_open = form is not None and form["row"].value() == row.id
    return Line(row, cells, url, form if is_open else None, is_saved=row.id == saved)


@dataclass(frozen=True)
class FieldView:
    """One field of the form of a row, with its column."""

    field: Any
    column: Column


def _fields(form: RowForm, grid: GridView) -> list[tuple[Text, list[FieldView]]]:
    """The fields of a row's form in their groups: the row itself, when it holds, what follows, what it rests on."""
    all_fields = [FieldView(form[column.key], column) for column in grid.columns]
    groups: tuple[tuple[Text, Callable[[str], bool]], ...] = (
        (_("Conditions"), lambda role: role == "condition"),
        (_("What follows"), lambda role: role == "outcome"),
        (_("Rests on"), lambda role: role in {"cite", "flags", "remark"}),
    )
    own = [each for each in all_fields if not any(belongs(each.column.role) for _title, belongs in groups)]
    found = [(_("The row"), own)]
    found += [(title, [each for each in all_fields if belongs(each.column.role)]) for title, belongs in groups]
    return [(title, fields) for title, fields in found if fields]


# What is done to rows


@reads
@needs(Permission.EDIT)
@require_POST
def try_row(request: ActorRequest, policy: str, number: int, decision: str, table: str) -> HttpResponse:
    """What the row as it is typed would bring about; nothing is stored."""
    desk = desk_of(request, policy, number, "tables")
    address = Address(decision, table)
    grid = queries.get_grid(request.actor, desk.version, address)
    form = RowForm(grid.columns, request.POST, row=None)
    text = _text_with(desk, grid, form)
    if request.POST.get("whole"):
        whole = None if text is None else queries.try_whole(desk.version, text, address)
        return render(request, "policies/edit_trial_whole.html", {"whole": whole})
    context = {"trial": _tried(desk, grid, form), "desk": desk, "grid": grid}
    template = "policies/edit_trial.html" if request.htmx else "policies/edit_trial_page.html"
    return render(request, template, context)


def _tried(desk: Desk, grid: GridView, form: RowForm) -> queries.Trial | None:
    text = _text_with(desk, grid, form)
    name = "" if text is None else form.cells()[grid.columns[0].key].strip()
    return None if text is None else queries.try_text(desk.version, text, grid.address, name)


def _text_with(desk: Desk, grid: GridView, form: RowForm) -> str | None:
    """The draft's text with the row as it is typed; None where there is no such row any more."""
    if not form.is_valid():
        return None
    cells = queries.cells_from(grid.columns, form.cells())
    row = form.cleaned_data["row"]
    try:
        if row:
            return rules.set_row(desk.version.text, grid.address, row, cells)
        return rules.add_row(desk.version.text, grid.address, cells, after=form.cleaned_data["after"])
    except Missing:
        return None


def _keys(grid: GridView) -> dict[str, str]:
    return {column.name: column.key for column in grid.columns}


@needs(Permission.EDIT)
@require_POST
def set_row(request: ActorRequest, policy: str, number: int, decision: str, table: str) -> HttpResponse:
    """Save a row that was opened."""

    def write(desk: Desk, grid: GridView, form: RowForm) -> None:
        services.set_row(
            request.actor, policy=policy, number=number, address=grid.address, row=form.cleaned_data["row"],
            mark=form.cleaned_data["mark"], cells=queries.cells_from(grid.columns, form.cells()), now=clock.now(),
        )  # fmt: skip

    return _save(request, policy, number, Address(decision, table), write)


@needs(Permission.EDIT)
@require_POST
def add_row(request: ActorRequest, policy: str, number: int, decision: str, table: str) -> HttpResponse:
    """Save a new row."""

    def write(desk: Desk, grid: GridView, form: RowForm) -> None:
        services.add_row(
            request.actor, policy=policy, number=number, address=grid.address, after=form.cleaned_data["after"],
            cells=queries.cells_from(grid.columns, form.cells()), now=clock.now(),
        )  # fmt: skip

    return _save(request, policy, number, Address(decision, table), write)


def _save(
    request: ActorRequest, policy: str, number: int, address: Address, write: Callable[[Desk, GridView, RowForm], None]
) -> HttpResponse:
    desk = desk_of(request, policy, number, "tables")
    grid = queries.get_grid(request.actor, desk.version, address)
    form, status = RowForm(grid.columns, request.POST, row=None), 422
    if form.is_valid():
        try:
            write(desk, grid, form)
        except Refused as refused:
            if not desk.is_draft or isinstance(refused, Missing):
                raise
            status = refused.status
            _explain(desk, grid, form, refused)
        else:
            first, row = form.cells()[grid.columns[0].key].strip(), form.cleaned_data["row"]
            return _done(request, policy, number, address, saved=row if row.startswith(f"{first}~") else first)
    return _grid_page(request, desk, grid, form, status=status)


def _explain(desk: Desk, grid: GridView, form: RowForm, refused: Refused) -> None:
    """Say in the form why it was not saved: cell by cell where the engine names the cell."""
    trial = None if isinstance(refused, Conflict) else _tried(desk, grid, form)
    keys = _keys(grid)
    for trouble in trial.troubles if trial else ():
        form.add_error(keys.get(trouble.column), trouble.sentence)
    if not (trial and trial.troubles):
        add_refusal(form, refused)
    if isinstance(refused, Conflict):
        now = next((row for row in grid.rows if row.id == form.cleaned_data["row"]), None)
        _put(form, "mark", now.mark if now else "")


def _put(form: Any, name: str, value: str) -> None:
    """Open the form anew at what stands now, so that saving again is a decision made with both in view."""
    form.data = form.data.copy()
    form.data[name] = value


def _done(request: ActorRequest, policy: str, number: int, address: Address, *, saved: str = "") -> HttpResponse:
    desk = desk_of(request, policy, number, "tables")
    if request.htmx:
        grid = queries.get_grid(request.actor, desk.version, address)
        return _grid_page(request, desk, grid, saved=saved)
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{desk.table_url(address)}{query}#row-{saved}")


@needs(Permission.EDIT)
@require_POST
def remove_row(request: ActorRequest, policy: str, number: int, decision: str, table: str) -> HttpResponse:
    """Take a row out."""
    address = Address(decision, table)
    services.remove_row(
        request.actor, policy=policy, number=number, address=address, row=request.POST.get("row", ""),
        mark=request.POST.get("mark", ""), now=clock.now(),
    )  # fmt: skip
    return _done(request, policy, number, address)


@needs(Permission.EDIT)
@require_POST
def move_row(request: ActorRequest, policy: str, number: int, decision: str, table: str) -> HttpResponse:
    """Put a row one place further up or down."""
    address, row = Address(decision, table), request.POST.get("row", "")
    by = -1 if request.POST.get("by") == "up" else 1
    services.move_row(request.actor, policy=policy, number=number, address=address, row=row, by=by, now=clock.now())
    return _done(request, policy, number, address, saved=row)


# Clauses and the text


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_clause(request: ActorRequest, policy: str, number: int, clause: str) -> HttpResponse:
    """A clause's title and words."""
    desk = desk_of(request, policy, number, "tables")
    title, said = rules.clause_at(desk.version.text, clause)
    mark = rules.mark_of_clause(title, said)
    form = ClauseForm(request.POST or None, initial={"title": title, "said": said, "was": mark})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.edit_clause(
                request.actor, policy=policy, number=number, clause=clause, **form.cleaned_data, now=clock.now()
            )
        except Refused as refused:
            if not desk.is_draft:
                raise
            add_refusal(form, refused)
            _put(form, "was", mark)
            status = refused.status
        else:
            messages.success(request, str(_("Saved.")))
            return redirect(f"{desk.url('edit')}#clauses")
    cited = queries.rules_citing(desk.version, clause)
    context = {
        "desk": desk,
        "clause": clause,
        "form": form,
        "cited": [(rule, desk.table_url(at)) for rule, at in cited],
    }
    return render(request, "policies/edit_clause.html", context, status=status)


@needs(Permission.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The whole text, to be read or written over."""
    desk = desk_of(request, policy, number, "text")
    form = TextForm(request.POST or None, initial={"text": desk.version.text, "version": desk.version.version})
    status = 422 if form.is_bound else 200
    lines: list[str] = []
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.edit_draft(
                request.actor, policy=policy, number=number, version=typed["version"],
                changes={"text": typed["text"]}, now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            if not desk.can_edit:
                raise
            lines = queries.lines_between(desk.version.text, typed["text"]) if isinstance(refused, Conflict) else []
            add_refusal(form, Refused(refused.sentence, field=refused.field) if lines else refused)
            _put(form, "version", str(desk.version.version))
            status = refused.status
        else:
            messages.success(request, str(_("Saved.")))
            return redirect("policies:edit_text", policy, number)
    return render(request, "policies/edit_text.html", {"desk": desk, "form": form, "lines": lines}, status=status)
