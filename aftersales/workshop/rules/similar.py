"""How much an earlier case is like a fault, and what such cases teach.

Two steps, so that nobody walks through the whole history: `probes` says what to ask the index for, `likeness` compares what it
finds. A word says the more the fewer records have it; that share is an argument, so everything here is a pure function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from math import log2

from aftersales.core.search_words import Probe, mark_word, plain, text_words
from aftersales.core.text import Text, text as _

Share = Callable[[str], float]
"""How large a part of the records has a word; above 0, at most 1."""

TELLING_WORDS = 8
"""How many words of a fault are asked for, the rarest first."""
PAIRED_WORDS = 6
SHOWN = 8
"""How many cases are worth reading."""
ENDINGS = ("ings", "ing", "ed", "es", "en", "s", "e")
SHORTEST_STEM = 4
LIKE_ENOUGH = 0.25
"""From here on a case counts as similar."""
WORDS_BELONG = 0.75
"""What is left of the likeness of words when a record says much else beside them."""
NAME_ONLY = 0.7
"""What a symptom's name in another language is worth beside the customer's own words."""
SAME_SYMPTOM = 0.6
STRANGER = 0.6
"""What evidence is worth in a unit of another kind."""
NO_BRAND = frozenset({"", "unknown", "none", "n/a", "-", "未知", "不明", "无"})


class Outcome(StrEnum):
    """How an earlier case ended."""

    FIXED = "fixed"
    CAME_BACK = "came_back"
    REPAIRABLE = "repairable"
    END_OF_LIFE = "end_of_life"
    DECLINED = "declined"
    ADVICE = "advice"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OutcomeInfo:
    """How an outcome is shown."""

    label: Text
    tone: str


OUTCOMES: Mapping[Outcome, OutcomeInfo] = {
    Outcome.FIXED: OutcomeInfo(_("Fixed"), "success"),
    Outcome.CAME_BACK: OutcomeInfo(_("Came back"), "danger"),
    Outcome.REPAIRABLE: OutcomeInfo(_("Repairable, not yet repaired"), "warning"),
    Outcome.END_OF_LIFE: OutcomeInfo(_("End of life"), "danger"),
    Outcome.DECLINED: OutcomeInfo(_("Repair declined"), "warning"),
    Outcome.ADVICE: OutcomeInfo(_("Expert's answer"), "info"),
    Outcome.UNKNOWN: OutcomeInfo(_("Outcome unknown"), "neutral"),
}
_TOLD_AS = {
    "fixed": Outcome.FIXED,
    "repaired": Outcome.FIXED,
    "已修好": Outcome.FIXED,
    "修复": Outcome.FIXED,
    "repairable": Outcome.REPAIRABLE,
    "可修": Outcome.REPAIRABLE,
    "end of life": Outcome.END_OF_LIFE,
    "报废": Outcome.END_OF_LIFE,
    "无法修复": Outcome.END_OF_LIFE,
}


def read_outcome(told: str) -> Outcome:
    """The outcome that an earlier system wrote in its own words."""
    return _TOLD_AS.get(plain(told).strip(), Outcome.UNKNOWN)


def category_mark(name: str) -> str:
    """The mark of everything of one category, by code (`electronics/phone`) or by a name that another system used."""
    return f"category:{name}"


def brand_marks(*names: str) -> tuple[str, ...]:
    """The marks of a maker under each of its names; what only says that nobody knows it marks nothing."""
    return tuple(f"brand:{plain(name).strip()}" for name in names if plain(name).strip() not in NO_BRAND)


def model_marks(*names: str) -> tuple[str, ...]:
    """The marks of a model under each of its names."""
    return tuple(f"model:{plain(name).strip()}" for name in names if plain(name).strip() not in NO_BRAND)


def symptom_marks(trade: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The marks of these symptoms of a trade; “other” is nothing in common."""
    return tuple(symptom_mark(f"{trade}/{code}") for code in codes if code != "other")


def symptom_mark(symptom: str) -> str:
    """The mark of one symptom, given as its trade's code and its own: `electronics/touch`."""
    return f"symptom:{symptom}"


def telling(text: str) -> frozenset[str]:
    """The words of a text that can be compared: pairs of Chinese characters, and stems of two letters or more."""
    return frozenset(stem(word) for word in text_words(text) if len(word) > 1)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A Latin word without its commonest endings, so that “leaks” and “leaking” are one; anything else as it is."""
    if not (word.isascii() and word.isalpha()):
        return word
    ending = next((each for each in ENDINGS if word.endswith(each) and len(word) - len(each) >= SHORTEST_STEM), "")
    left = word.removesuffix(ending)
    is_doubled = bool(ending) and len(left) > SHORTEST_STEM and left[-1] == left[-2]
    return left[:-1] if is_doubled else left


@dataclass(frozen=True)
class Wanted:
    """What similar cases are looked for: the fault's own words, its symptoms' names, and what the unit is."""

    words: frozenset[str]
    names: tuple[frozenset[str], ...] = ()
    symptoms: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.words or self.names or self.symptoms)


@dataclass(frozen=True)
class Case:
    """An earlier case as the index knows it: its words are stems, its marks are spelled as the index spells them."""

    words: frozenset[str]
    marks: frozenset[str] = frozenset()

    @classmethod
    def indexed(cls, words: Iterable[str], marks: Iterable[str]) -> Case:
        """The case that the index holds in these words."""
        return cls(frozenset(stem(word) for word in words if len(word) > 1), frozenset(marks))


def probes(wanted: Wanted, share: Share) -> list[Probe]:
    """What to ask the index for, the most promising first; a bounded number, however long the fault is told."""
    here = (wanted.categories,) if wanted.categories else ()
    words = _rarest(wanted.words, share, TELLING_WORDS)
    asked = [Probe(marks=(wanted.symptoms, *here))] if wanted.symptoms else []
    asked += [Probe((word,), (wanted.models,)) for word in words[:2] if wanted.models]
    asked += [Probe(pair, here) for pair in combinations(words[:PAIRED_WORDS], 2)]
    asked += [Probe((word,), here) for word in words]
    for name in wanted.names:
        asked += [Probe(pair, here) for pair in combinations(_rarest(name, share, 3), 2)] or [
            Probe((word,), here) for word in _rarest(name, share, 1)
        ]
    asked += [Probe(marks=(wanted.models,))] if wanted.models else []
    if here:
        asked += [Probe(pair) for pair in combinations(words[:3], 2)]
    return list(dict.fromkeys(asked))


def likeness(wanted: Wanted, case: Case, share: Share) -> float:
    """How much the case is like what is wanted, from 0 to 1: the evidence of words and symptoms, weighed by kinship."""
    by_words = max(
        (_likeness_of_words(wanted.words, case.words, share), *(_by_name(name, case, share) for name in wanted.names))
    )
    by_symptoms = SAME_SYMPTOM * _shared(wanted.symptoms, case.marks)
    evidence = 1 - (1 - by_words) * (1 - by_symptoms)
    return evidence * (STRANGER + (1 - STRANGER) * kinship(wanted, case))


def kinship(wanted: Wanted, case: Case) -> float:
    """How near the case's unit is to ours: the same model 1, maker and kind 0.8, kind 0.6, maker 0.3, none of these 0."""
    if _shared(wanted.models, case.marks):
        return 1.0
    is_kind, is_make = bool(_shared(wanted.categories, case.marks)), bool(_shared(wanted.brands, case.marks))
    return {(True, True): 0.8, (True, False): 0.6, (False, True): 0.3}.get((is_kind, is_make), 0.0)


@dataclass(frozen=True)
class Tally:
    """What the similar cases have in common: how many there are, how they ended, and what was done most."""

    similar: int
    outcomes: tuple[tuple[Outcome, int], ...] = ()
    remedies: tuple[tuple[str, int], ...] = ()

    @property
    def fixed(self) -> int:
        """How many were fixed and stayed so."""
        return dict(self.outcomes).get(Outcome.FIXED, 0)


def tally(ends: Sequence[tuple[Outcome, str]]) -> Tally:
    """The cases counted by outcome, and the remedies of those that were fixed, most first."""
    outcomes = Counter(outcome for outcome, _remedy in ends)
    remedies = Counter(remedy for outcome, remedy in ends if outcome is Outcome.FIXED and remedy not in ("", "other"))
    known = tuple((outcome, outcomes[outcome]) for outcome in Outcome if outcomes[outcome])
    return Tally(len(ends), known, tuple(sorted(remedies.items(), key=lambda each: (-each[1], each[0]))[:3]))


def symptoms_told(fault: str, names: Mapping[str, Collection[str]]) -> list[str]:
    """The codes of the symptoms whose name, in any language, stands in the customer's words."""
    told = plain(fault)
    return [code for code, words in names.items() if any(plain(word) in told for word in words if word)]


def _likeness_of_words(asked: frozenset[str], found: frozenset[str], share: Share) -> float:
    """How much of what was asked is there, less a little for whatever else the record tells."""
    common = asked & found
    if not common:
        return 0.0
    cover = sum(_weight(word, share) for word in common) / sum(_weight(word, share) for word in asked)
    return min(1.0, cover * (WORDS_BELONG + (1 - WORDS_BELONG) * len(common) / len(found)))


def _by_name(name: frozenset[str], case: Case, share: Share) -> float:
    return NAME_ONLY * _likeness_of_words(name, case.words, share)


def _weight(word: str, share: Share) -> float:
    return log2(1 + 1 / share(word))


def _shared(marks: Sequence[str], found: frozenset[str]) -> float:
    """The part of the marks that were found."""
    return sum(mark_word(mark) in found for mark in marks) / len(marks) if marks else 0.0


def _rarest(words: Iterable[str], share: Share, most: int) -> list[str]:
    return sorted(words, key=lambda word: (share(word), word))[:most]
