"""The reader's language as the engine names it, and the engine's words for him."""

from __future__ import annotations

from django.utils import translation

from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.model import Language, Policy

_LANGUAGES: dict[str, Language] = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def engine_language() -> Language:
    """The reader's language."""
    return _LANGUAGES.get((translation.get_language() or "").lower(), "en")


def teller_of(policy: Policy) -> Teller:
    """Whoever tells this policy's verdicts to the reader."""
    return Teller(policy, engine_language())
