"""A version as a workbook, as DMN, as Markdown; and one of these sent back, its difference shown before it is taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Conflict, Invalid, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.policies import queries, services
from aftersales.policies.permissions import Permission
from aftersales.policies.web.edit_desk import Desk, desk_of
from aftersales.ui.forms import add_refusal

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "dmn": "application/xml; charset=utf-8",
}


class UploadForm(forms.Form):
    """The file to be compared."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel workbook (.xlsx), DMN (.dmn) or Markdown (.md), up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.dmn,.xml,.md,.txt"}),
    )


@needs(Permission.SEE)
@require_safe
def workbook(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The ways out and, for a draft, the way back in."""
    return _page(request, desk_of(request, policy, number, "workbook"), UploadForm())


def _page(request: ActorRequest, desk: Desk, form: UploadForm, *, status: int = 200, **more: Any) -> HttpResponse:
    files = [(kind, desk.url("download_version", kind)) for kind in KINDS]
    context = {"desk": desk, "form": form, "files": files, "compare_url": desk.url("compare_file"), **more}
    return render(request, "policies/upload.html", context, status=status)


@needs(Permission.SEE)
@require_safe
def download_version(request: ActorRequest, policy: str, number: int, kind: str) -> HttpResponse:
    """The version as a file."""
    version = queries.get_version(request.actor, policy=policy, number=number)
    response = HttpResponse(queries.as_file(version, kind), content_type=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{policy}-{number}.{kind}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


@reads
@needs(Permission.EDIT)
@require_POST
def compare_file(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """What a file that is sent would change; nothing is stored."""
    desk = desk_of(request, policy, number, "workbook")
    form, status = UploadForm(request.POST, request.FILES), 422
    if not desk.is_draft:
        raise Refused(_("This version is no draft any more. Send it back, or begin a new draft."))
    if form.is_valid():
        try:
            text = queries.read_upload(desk.version, form.cleaned_data["file"])
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
        else:
            return _difference(request, desk, text)
    return _page(request, desk, form, status=status)


def _difference(request: ActorRequest, desk: Desk, text: str, *, status: int = 200, problem: str = "") -> HttpResponse:
    return _page(
        request, desk, UploadForm(), status=status, text=text, problem=problem,
        changes=queries.changes_between(desk.version, text), take_over_url=desk.url("take_over"),
    )  # fmt: skip


@needs(Permission.EDIT)
@require_POST
def take_over(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The difference that was shown, taken over."""
    desk = desk_of(request, policy, number, "workbook")
    text, opened = request.POST.get("text", ""), request.POST.get("version", "")
    if not (text and opened.isdecimal()):
        raise Invalid(_("Reload the page and send it again."))
    try:
        services.take_over(request.actor, policy=policy, number=number, version=int(opened), text=text, now=clock.now())
    except Conflict as refused:
        return _difference(request, desk, text, status=refused.status, problem=str(refused))
    messages.success(request, str(_("The draft was taken over from the file.")))
    return redirect("policies:edit", policy, number)
