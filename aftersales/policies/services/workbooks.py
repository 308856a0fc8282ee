"""A file's text taken over into a draft, once somebody has seen what it changes."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Conflict
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.services import drafts


@transaction.act
def take_over(actor: Actor, *, policy: str, number: int, version: int, text: str, now: datetime) -> PolicyVersion:
    """The draft with another text; refused when the draft changed since the difference was shown."""
    actor.require(Permission.EDIT)
    draft = drafts.locked_version(actor, policy=policy, number=number)
    drafts.must_be_draft(draft)
    if draft.version != version:
        raise Conflict(changed_by=journal.last_actor(drafts.KIND, draft.pk), differences=(), stands=draft.version)
    return drafts.write_draft(actor, draft, {"text": text}, act="take_over", now=now)
