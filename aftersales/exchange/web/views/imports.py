"""Imports: sending a table, choosing its columns, watching the check and the import."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.sheets import shelf
from aftersales.core.sheets.encodings import LABELS
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import keyless
from aftersales.exchange import queries, services
from aftersales.exchange.permissions import Permission
from aftersales.exchange.rules import imports as rules
from aftersales.exchange.rules.exports import file_name
from aftersales.exchange.rules.imports import ImportState
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import paginate

LEFT_OUT = ("", gettext_lazy("— leave out —"))


class UploadForm(forms.Form):
    """The table to be sent."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("Excel workbook (.xlsx) or CSV, up to 200,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )


class LookForm(forms.Form):
    """How the file is to be read."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=list(LABELS.items()), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    head_row = forms.ChoiceField(label=gettext_lazy("Headings"), required=False)

    def __init__(self, found: Any, data: Any = None) -> None:
        initial = {"encoding": found.encoding, "sheet": found.sheet, "head_row": found.head_row}
        super().__init__(data, initial=initial)
        heads = [(number, _("in row {row}", row=number)) for number, _cells in found.sample[: rules.HEAD_ROWS]]
        self._offer("head_row", [*heads, (0, _("The table has no headings"))])
        self._offer("sheet", list(enumerate(found.sheets)))
        if found.kind != "csv":
            del self.fields["encoding"]
        if len(found.sheets) < 2:
            del self.fields["sheet"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


class ColumnsForm(forms.Form):
    """Which column means what."""

    def __init__(self, table: queries.Table, heads: list[str], guessed: list[str], data: Any = None) -> None:
        initial = {f"column_{place}": key for place, key in enumerate(guessed)}
        super().__init__(data, initial=initial)
        choices = [LEFT_OUT, *((field.key, _needed(field)) for field in table.fields())]
        for place, head in enumerate(heads):
            self.fields[f"column_{place}"] = forms.ChoiceField(label=head, choices=choices, required=False)

    def chosen(self) -> list[str]:
        """For each column of the file the field it means."""
        return [self.cleaned_data[name] for name in self.fields]


def _needed(field: queries.TableField) -> str:
    return f"{field.label} *" if field.is_required else str(field.label)


@needs(Permission.IMPORT)
@require_safe
def imports(request: ActorRequest) -> HttpResponse:
    """The tables one may import, and one's own imports of the last days."""
    context = {
        "tables": queries.list_tables(request.actor),
        "page": paginate(queries.list_imports(request.actor, now=clock.now()), request),
    }
    return render(request, "exchange/imports.html", context)


@needs(Permission.IMPORT)
@require_safe
def template(request: ActorRequest, code: str) -> HttpResponse:
    """The empty table to fill in."""
    table = queries.find_table(request.actor, code)
    token = shelf.new_token()
    try:
        shelf.put(token, lambda path: services.make_template(path, table))
        name = file_name(str(table.title), clock.now().date(), "xlsx")
        return cast("HttpResponse", shelf.download(token, name=name, form="xlsx"))
    finally:
        shelf.remove(token)  # what is open can still be read


@keyless  # the service keeps it once: reading a table must not hold everybody else's turn
@needs(Permission.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def send_table(request: ActorRequest, code: str) -> HttpResponse:
    """Send a table; what cannot be read is refused at once."""
    table = queries.find_table(request.actor, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            found = services.keep_table(
                request.actor,
                code=code,
                upload=form.cleaned_data["file"],
                once=request.POST.get("_once", "")[:255],
                now=clock.now(),
            )
            return redirect("exchange:import", found.token)
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
    return render(request, "exchange/send.html", {"table": table, "form": form}, status=status)


@needs(Permission.IMPORT)
@require_safe
def import_(request: ActorRequest, token: str) -> HttpResponse:
    """Where the import stands, and what is to be done next."""
    context = _page(request, token)
    part = request.htmx and context["found"].is_in_work
    return render(request, "exchange/import.html#work" if part else "exchange/import.html", context)


@keyless  # looking twice is looking once, and reading must not hold everybody else's turn
@needs(Permission.IMPORT)
@require_POST
def look_again(request: ActorRequest, token: str) -> HttpResponse:
    """Read the file in another encoding, from another sheet, or with its headings in another row."""
    found = queries.get_import(request.actor, token, now=clock.now())
    form = LookForm(found, request.POST)
    status = 422
    if form.is_valid():
        asked = form.cleaned_data
        encoding, sheet = asked.get("encoding") or found.encoding, int(asked.get("sheet") or found.sheet)
        is_other = (encoding, sheet) != (found.encoding, found.sheet)
        head_row = None if is_other or not asked["head_row"] else int(asked["head_row"])
        try:
            services.look_again(
                request.actor, token=token, encoding=encoding, sheet=sheet, head_row=head_row, now=clock.now()
            )
            return redirect("exchange:import", token)
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
    return render(request, "exchange/import.html", _page(request, token, look_form=form), status=status)


@needs(Permission.IMPORT)
@require_POST
def check_import(request: ActorRequest, token: str) -> HttpResponse:
    """Have the whole table checked with these columns."""
    found = queries.get_import(request.actor, token, now=clock.now())
    table = queries.find_table(request.actor, found.code)
    columns = ColumnsForm(table, queries.heads_of(found), [], request.POST)
    options = table.options(request.POST, request.actor)
    status = 422
    if columns.is_valid() and options.is_valid():
        choice = services.Choice(columns.chosen(), options.cleaned_data)
        try:
            services.check_import(request.actor, token=token, choice=choice, now=clock.now())
            return redirect("exchange:import", token)
        except Refused as refused:
            add_refusal(columns, refused)
            status = refused.status
    page = _page(request, token, columns_form=columns, options_form=options)
    return render(request, "exchange/import.html", page, status=status)


@needs(Permission.IMPORT)
@require_POST
def start_import(request: ActorRequest, token: str) -> HttpResponse:
    """Have the checked table imported."""
    services.start_import(request.actor, token=token, now=clock.now())
    return redirect("exchange:import", token)


@needs(Permission.IMPORT)
@require_POST
def reopen_import(request: ActorRequest, token: str) -> HttpResponse:
    """Back to the choice of the columns."""
    services.reopen_import(request.actor, token=token, now=clock.now())
    return redirect("exchange:import", token)


@keyless  # stopping twice is stopping once; and the wish must get in while the import holds the writer's turn
@needs(Permission.IMPORT)
@require_POST
def stop_import(request: ActorRequest, token: str) -> HttpResponse:
    """Ask the worker to stop; nothing of the import is left behind."""
    services.stop_import(request.actor, token=token, now=clock.now())
    messages.info(request, str(_("The worker stops at its next opportunity.")))
    return redirect("exchange:import", token)


@needs(Permission.IMPORT)
@require_POST
def discard_import(request: ActorRequest, token: str) -> HttpResponse:
    """Throw the table that was sent away."""
    services.discard_import(request.actor, token=token, now=clock.now())
    messages.success(request, str(_("The table is gone. What was imported from it stays.")))
    return redirect("exchange:imports")


@needs(Permission.IMPORT)
@require_safe
def import_problems(request: ActorRequest, token: str) -> HttpResponse:
    """The rows with problems as a workbook, each with what to do."""
    found = queries.get_import(request.actor, token, now=clock.now())
    name = file_name(f"{found.name.rsplit('.', 1)[0]}-{_('problems')}", clock.now().date(), "xlsx")
    return cast("HttpResponse", shelf.download(found.problem_token, name=name, form="xlsx"))


def _page(request: ActorRequest, token: str, **forms_shown: Any) -> dict[str, Any]:
    found = queries.get_import(request.actor, token, now=clock.now())
    table = queries.find_table(request.actor, found.code)
    context: dict[str, Any] = {"found": found, "table": table, "progress": queries.progress_of(found.job_id)}
    if found.state == ImportState.MAPPING:
        context |= _mapping(request, found, table, forms_shown)
    elif not found.is_in_work:
        heads, stored = queries.stored_rows(table, found)
        problems = queries.problem_rows(table, found)
        context |= {
            "counts": queries.counts_of(table, found), "stored_heads": heads, "stored": stored, "problems": problems,
            "more_problems": found.problem_rows - len(problems),
        }  # fmt: skip
    return context


def _mapping(request: ActorRequest, found: Any, table: queries.Table, forms_shown: dict[str, Any]) -> dict[str, Any]:
    heads = queries.heads_of(found)
    columns = forms_shown.get("columns_form") or ColumnsForm(
        table, heads, queries.guessed_columns(request.actor, table, found)
    )
    below = [cells for number, cells in found.sample if number > found.head_row]
    samples = [
        [cells[place] for cells in below if place < len(cells) and cells[place]][:3] for place in range(len(heads))
    ]
    return {
        "look_form": forms_shown.get("look_form") or LookForm(found),
        "columns_form": columns,
        "options_form": forms_shown.get("options_form") or _options(request, table, found, heads),
        "columns": list(zip(heads, samples, columns, strict=True)),
        "readings": queries.readings_of(found) if not found.is_sure else [],
        "fields": table.fields(),
    }


def _options(request: ActorRequest, table: queries.Table, found: Any, heads: list[str]) -> forms.Form:
    memory = queries.remembered(request.actor, table.code, heads)
    form = table.options(None, request.actor)
    form.initial = {**form.initial, **(memory.options if memory else {}), **found.options}
    return form
