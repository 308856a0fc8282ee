"""The few tones in which anything is shown. A tone that does not exist is a mistake in a page, so it is raised, not ignored."""

from __future__ import annotations

TONES = ("neutral", "info", "progress", "success", "warning", "danger")
BUTTON_TONES = ("primary", "secondary", "ghost", "success", "warning", "danger")

ICONS = {
    "neutral": "circle-dashed",
    "info": "info-circle",
    "progress": "progress",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}
"""The sign that says in shape what the tone says in colour."""


class UnknownTone(ValueError):
    """A template or a state names a tone that the palette does not have."""


def checked_tone(tone: object) -> str:
    """`tone` itself, when the palette has it; nothing counts as neutral."""
    return _checked(tone, TONES, "neutral")


def checked_button_tone(tone: object) -> str:
    """`tone` itself, when buttons come in it; nothing counts as secondary."""
    return _checked(tone, BUTTON_TONES, "secondary")


def _checked(tone: object, known: tuple[str, ...], otherwise: str) -> str:
    name = str(tone or otherwise)
    if name not in known:
        raise UnknownTone(f"There is no tone {name!r}; there are {', '.join(known)}.")
    return name
