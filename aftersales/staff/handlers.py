"""Reactions: a link goes out by e-mail, and people can be found."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from aftersales.core import clock, outbox, search
from aftersales.core.text import text as _
from aftersales.staff import queries
from aftersales.staff.permissions import Permission
from aftersales.staff.services import invitations

search.register_kind(
    "person", permission=Permission.SEE_PEOPLE, label=_("Person"), url_name="staff:person", icon="id-badge-2"
)

SUBJECT = _("Your way into Aftersales")


@outbox.delivers(invitations.MAIL)
def send_invitation(message: outbox.Message) -> None:
    """Bring the link to the person's e-mail address; a link that was replaced in the meantime is not sent."""
    invitation = queries.find_open_invitation_by_id(int(message.payload["invitation"]), now=clock.now())
    if invitation is None or not invitation.person.email:
        return
    person = invitation.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        address = reverse("staff:open_invitation", args=[queries.token_of(invitation)])
        body = _(
            "Hello {name},\n\nopen this link to choose your password. It works once, until {until} (UTC):\n\n{link}\n\n"
            "Your login is {login}. If you did not expect this message, you need not do anything.\n",
            name=person.name,
            until=f"{invitation.expires_at:%Y-%m-%d %H:%M}",
            link=f"{settings.PUBLIC_URL}{address}",
            login=person.login,
        )
        headers = {"Message-ID": outbox.message_id(message.key), "Auto-Submitted": "auto-generated"}
        EmailMessage(str(SUBJECT), str(body), to=[person.email], headers=headers).send()
