"""What everybody does for himself: joining, the own account and its devices."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs, public
from aftersales.core.web.idempotency import keyless
from aftersales.staff import queries, services
from aftersales.staff.services.invitations import closed_link
from aftersales.staff.web import forms, panels
from aftersales.ui.forms import add_refusal

if TYPE_CHECKING:
    from aftersales.staff.models import Person

TOKEN = "invitation_token"  # noqa: S105 - the name of a place in the session, not a secret


@needs(None)
@require_GET
def my_account(request: ActorRequest) -> HttpResponse:
    """Who I am here: duties, password, second factor, devices."""
    person = cast("Person", request.user)
    context = {
        "person": person,
        "held": panels.held(queries.duties_of_people([person.pk]).get(person.pk, [])),
        "ways": queries.ways_to_sign_in(person.pk),
    }
    return render(request, "staff/my_account.html", context)


@needs(None)
@require_GET
def my_sessions(request: ActorRequest) -> HttpResponse:
    """The devices on which I am signed in."""
    sessions = queries.list_sessions(cast("int", request.actor.person_id), now=clock.now())
    current = request.session.session_key
    return render(
        request, "staff/my_sessions.html", {"sessions": [(row, row.session_key == current) for row in sessions]}
    )


@needs(None)
@require_POST
def end_my_sessions(request: ActorRequest, session_id: int | None = None) -> HttpResponse:
    """Sign out one of my other devices, or all of them."""
    services.end_sessions(
        request.actor,
        person_id=cast("int", request.actor.person_id),
        only=session_id,
        keep_session=request.session.session_key or "",
        now=clock.now(),
    )
    messages.success(request, str(_("Signed out there.")))
    return redirect("usersessions_list")


@public
@never_cache
@require_GET
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address, so that it stays out of the history and of logs further on."""
    if queries.find_open_invitation(token, now=clock.now()) is None:
        raise closed_link()
    if request.user.is_authenticated:
        logout(request)
    request.session[TOKEN] = token
    return redirect("staff:accept_invitation")


@public
@keyless  # the link works once; an answer must not be kept for replay
@never_cache
@sensitive_post_parameters("password", "password_again")
def accept_invitation(request: HttpRequest) -> HttpResponse:
    """Choose a password by invitation."""
    now = clock.now()
    token = request.session.get(TOKEN, "")
    found = queries.find_open_invitation(token, now=now)
    if found is None:
        raise closed_link()
    form = forms.JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(token=token, password=form.cleaned_data["password"], now=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            del request.session[TOKEN]
            messages.success(request, str(_("Your password is set. Sign in with it.")))
            return redirect("account_login")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "staff/join.html", {"form": form, "person": found.person}, status=status)


@public
@keyless  # the same link is not sent twice within minutes
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link by e-mail; the answer is the same whether or not there is such a login."""
    form = forms.ForgotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.reset_password(login=form.cleaned_data["login"], now=clock.now())
        return render(request, "staff/forgot.html", {"is_sent": True})
    by_mail = "console" not in settings.EMAIL_BACKEND
    return render(request, "staff/forgot.html", {"form": form, "by_mail": by_mail})
