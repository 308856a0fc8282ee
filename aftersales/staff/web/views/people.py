"""Pages about people: the list, one person, registering, editing, duties, invitations, sessions."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from aftersales.core import access, clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.staff import queries, services
from aftersales.staff.permissions import Permission
from aftersales.staff.web import exports, forms, links, panels
from aftersales.ui import lists
from aftersales.ui.forms import add_refusal

if TYPE_CHECKING:
    from django import forms as django_forms

    from aftersales.staff.models import Person


@needs(Permission.SEE_PEOPLE)
@require_GET
def people(request: ActorRequest) -> HttpResponse:
    """The people of the stations one sees, narrowed by station, duty, status or what was typed."""
    rows, form = exports.listed_people(request)
    page = lists.paginate(rows, request)
    duties = queries.duties_of_people(person.pk for person in page)
    shown = [(person, panels.held(duties.get(person.pk, []))) for person in page]
    return render(
        request,
        "staff/people.html",
        {
            "form": form,
            "page": page,
            "people": shown,
            "chips": lists.chips(request, form),
            "export": export_button(request, exports.PEOPLE),
            **_may(request),
        },
    )


@needs(Permission.SEE_PEOPLE)
@require_GET
def person(request: ActorRequest, person_id: int) -> HttpResponse:
    """One person: facts, duties, devices and history."""
    return _person_page(request, person_id)


@needs(Permission.EDIT_PEOPLE)
def register_person(request: ActorRequest) -> HttpResponse:
    """The form for somebody new, and the link to hand over."""
    form = forms.RegisterPersonForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.register_person(request.actor, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            return _again(request, "staff/person_new.html", form, refused)
        return redirect("staff:invitation", done.person.pk, done.invitation.pk)
    return _form_page(request, "staff/person_new.html", form)


@needs(Permission.EDIT_PEOPLE)
def edit_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """The form for a person's facts."""
    found = queries.get_person(request.actor, person_id)
    form = forms.EditPersonForm(request.POST or None, initial=found.facts() | {"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_person(request.actor, person_id=person_id, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            return _again(request, "staff/person_edit.html", form, refused, person=found)
        messages.success(request, str(_("Saved.")))
        return redirect("staff:person", person_id)
    return _form_page(request, "staff/person_edit.html", form, person=found)


@needs(Permission.ASSIGN_DUTIES)
@require_POST
def assign_duty(request: ActorRequest, person_id: int) -> HttpResponse:
    """One more duty for the person."""
    form = forms.AssignDutyForm(request.actor, request.POST)
    if form.is_valid():
        try:
            services.assign_duty(request.actor, person_id=person_id, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            add_refusal(form, refused)
            return _person_page(request, person_id, duty_form=form, status=refused.status)
        messages.success(request, str(_("Duty assigned.")))
        return redirect("staff:person", person_id)
    return _person_page(request, person_id, duty_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@needs(Permission.ASSIGN_DUTIES)
@require_POST
def end_duty(request: ActorRequest, assignment_id: int) -> HttpResponse:
    """The duty ends today."""
    row = services.end_duty(request.actor, assignment_id=assignment_id, now=clock.now())
    messages.success(request, str(_("Duty ended.")))
    # Who had his only duty here may have gone out of sight by this.
    return redirect(reverse("staff:person", args=[row.person_id]))


@needs(Permission.EDIT_PEOPLE)
@require_POST
def invite_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """A new link for the person."""
    made = services.invite_person(request.actor, person_id=person_id, now=clock.now())
    return redirect("staff:invitation", person_id, made.pk)


@needs(Permission.EDIT_PEOPLE)
@require_GET
def invitation(request: ActorRequest, person_id: int, invitation_id: int) -> HttpResponse:
    """The link, shown for a few minutes to whoever made it."""
    made, token = queries.show_link_token(request.actor, invitation_id, now=clock.now())
    found = queries.get_person(request.actor, person_id)
    return render(
        request, "staff/invitation.html", {"invitation": made, "person": found, "link": links.join_link(token)}
    )


@needs(Permission.EDIT_PEOPLE)
@require_POST
def deactivate_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """The person is out at once."""
    services.deactivate_person(request.actor, person_id=person_id, now=clock.now())
    messages.success(request, str(_("Deactivated and signed out everywhere.")))
    return redirect("staff:person", person_id)


@needs(Permission.EDIT_PEOPLE)
@require_POST
def reactivate_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """The person may sign in again."""
    services.reactivate_person(request.actor, person_id=person_id, now=clock.now())
    messages.success(request, str(_("Reactivated.")))
    return redirect("staff:person", person_id)


@needs(Permission.EDIT_PEOPLE)
@require_POST
def end_sessions(request: ActorRequest, person_id: int) -> HttpResponse:
    """The person is signed out of all devices."""
    services.end_sessions(request.actor, person_id=person_id, now=clock.now())
    messages.success(request, str(_("Signed out everywhere.")))
    return redirect("staff:person", person_id)


@needs(Permission.EDIT_PEOPLE)
@require_POST
def require_new_password(request: ActorRequest, person_id: int) -> HttpResponse:
    """The person must choose a new password first."""
    services.require_new_password(request.actor, person_id=person_id, now=clock.now())
    messages.success(request, str(_("A new password will be asked for on the next page.")))
    return redirect("staff:person", person_id)


@needs(Permission.SEE_PEOPLE)
@require_GET
def duties(request: ActorRequest) -> HttpResponse:
    """Who may what: every duty against every permission."""
    return render(request, "staff/duties.html", {"duties": access.duties(), "rooms": panels.matrix()})


def _person_page(
    request: ActorRequest,
    person_id: int,
    *,
    duty_form: forms.AssignDutyForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    found = queries.get_person(request.actor, person_id)
    assigned = panels.held(queries.list_assignments(request.actor, person_id))
    context = {
        "person": found,
        "state": _state(found),
        "held": [one for one in assigned if one.row.until_on is None],
        "former": [one for one in assigned if one.row.until_on is not None],
        "duty_form": duty_form or forms.AssignDutyForm(request.actor),
        "sessions": queries.list_sessions(person_id, now=now) if request.actor.may(Permission.EDIT_PEOPLE) else [],
        "moments": panels.moments(queries.journal_of_person(request.actor, person_id)),
        "is_self": request.actor.person_id == person_id,
        **_may(request),
    }
    return render(request, "staff/person.html", context, status=status)


def _state(found: Person) -> tuple[str, Any]:
    if not found.is_active:
        return "danger", _("Deactivated")
    return ("success", _("Active")) if found.has_joined else ("warning", _("Invited, not yet signed in"))


def _may(request: ActorRequest) -> dict[str, bool]:
    return {
        "may_edit": request.actor.may(Permission.EDIT_PEOPLE),
        "may_assign": request.actor.may(Permission.ASSIGN_DUTIES),
    }


def _form_page(request: ActorRequest, template: str, form: django_forms.Form, **context: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def _again(
    request: ActorRequest, template: str, form: django_forms.Form, refused: Refused, **context: Any
) -> HttpResponse:
    add_refusal(form, refused)
    return render(request, template, {"form": form, **context}, status=refused.status)
