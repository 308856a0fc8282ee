"""How the house says no: each refusal is one sentence that tells the person what to do."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.core.text import Text, text as _


class Refused(Exception):
    """The act was not done; nothing was written. `sentence` is fit for the screen, `field` names the input at fault."""

    status = 409

    def __init__(self, sentence: Text, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class Invalid(Refused):
    """What was typed cannot be right; the sentence says how to correct it."""

    status = 422


class NotPermitted(Refused):
    """The actor's duties do not include this act."""

    status = 403

    def __init__(self, permission: str) -> None:
        super().__init__(_("Your duties do not include this. Ask your manager if you need to do it."))
        self.permission = permission


class Missing(Refused):
    """There is no such thing, or it belongs to a place the actor may not see: the answer is the same."""

    status = 404

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or _("There is nothing here under that number. Check it, or search for it."))


@dataclass(frozen=True)
class Difference:
    """One field that two people changed: its label, what stands now, and what the refused edit wanted."""

    label: Text
    theirs: str
    yours: str


class Conflict(Refused):
    """Somebody else changed the record since it was opened; `differences` shows both versions side by side."""

    def __init__(self, *, changed_by: str, differences: tuple[Difference, ...], stands: int | None = None) -> None:
        super().__init__(
            _("{who} changed this record while you had it open. Compare below and save again.", who=changed_by)
        )
        self.differences = differences
        self.stands = stands
        """The version that stands now: a form shown again is opened at it, so that saving again means it."""
