"""Earlier cases like the one in hand: our own finished orders, repair history from elsewhere, and experts' answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from aftersales.catalog import queries as catalog
from aftersales.core import search_near
from aftersales.core.actor import Actor
from aftersales.core.search_near import Candidate
from aftersales.core.search_words import beginning
from aftersales.core.text import Text, text as _
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.queries.expert import questions_of
from aftersales.workshop.queries.history import past_repairs_of
from aftersales.workshop.queries.orders import orders_of
from aftersales.workshop.rules import similar as rules
from aftersales.workshop.rules.expert import QuestionState
from aftersales.workshop.rules.order import OrderState
from aftersales.workshop.rules.similar import OUTCOMES, Case, Outcome, OutcomeInfo, Tally, Wanted

KINDS = ("order", "question", "past_repair")
FINISHED = [OrderState.HANDED_OVER.value, OrderState.CLOSED.value]
MOST = 30


@dataclass(frozen=True)
class SimilarCase:
    """An earlier case, ready to be shown: what was wrong, what fixed it, how it ended, and how like it is."""

    title: str
    source: Text
    url: str
    day: date | None
    told: str
    done: str
    """What was found and done; an old repair tells it together with what was wrong."""
    cause: str
    remedy: str
    outcome: Outcome
    came_back: str = ""
    """The number of the order under which the fault came back."""
    likeness: float = 0.0

    @property
    def info(self) -> OutcomeInfo:
        """How its outcome is shown."""
        return OUTCOMES[self.outcome]

    @property
    def percent(self) -> int:
        """How like it is, of a hundred."""
        return round(self.likeness * 100)

    @property
    def picks(self) -> str:
        """Its cause and remedy as the script of the page reads them; nothing where nothing was picked."""
        picked = {"cause": self.cause, "remedy": self.remedy}
        return json.dumps({name: code for name, code in picked.items() if code}) if self.cause or self.remedy else ""

    @property
    def wording(self) -> str:
        """The words that can be taken over into a diagnosis."""
        return self.done or self.told


@dataclass(frozen=True)
class Similar:
    """The cases most like the one in hand, and what all similar ones have in common."""

    cases: Sequence[SimilarCase]
    tally: Tally
    outcomes: Sequence[tuple[OutcomeInfo, int]]
    remedies: Sequence[tuple[Text, int]]


NOTHING = Similar((), Tally(0), (), ())


def list_similar_cases(
    actor: Actor, order: RepairOrder, *, symptoms: Sequence[str] | None = None, most: int = MOST
) -> Similar:
    """The cases that the actor may see and that are like this order's fault; `symptoms` instead of those it has."""
    wanted = _wanted(order, symptoms)
    if wanted.says_nothing:
        return NOTHING
    known = search_near.sample()

    def share(word: str) -> float:
        return known.share(beginning(word))

    found = search_near.candidates(actor, KINDS, rules.probes(wanted, share))
    judged = _judge(wanted, found, share)
    cases = [case for case in _read(actor, order, judged).values() if case is not None]
    ordered = sorted(cases, key=lambda case: (-case.likeness, case.outcome is not Outcome.FIXED, -_age(case)))
    tally = rules.tally([(case.outcome, case.remedy) for case in ordered])
    labels = {remedy.code: remedy.label for remedy in catalog.get_trade(order.trade).remedies}
    return Similar(
        ordered[:most],
        tally,
        [(OUTCOMES[outcome], count) for outcome, count in tally.outcomes],
        [(labels[code], count) for code, count in tally.remedies if code in labels],
    )


def symptoms_of(order: RepairOrder) -> list[str]:
    """The symptoms of the order: those written down, or else those that the customer's words name."""
    if order.symptoms:
        return list(order.symptoms)
    faults = catalog.get_trade(order.trade).faults
    names = {fault.code: fault.label.in_all_languages() for fault in faults if fault.code != "other"}
    return rules.symptoms_told(order.fault, names)


def _wanted(order: RepairOrder, symptoms: Sequence[str] | None) -> Wanted:
    trade = catalog.get_trade(order.trade)
    faults = {fault.code: fault.label for fault in trade.faults}
    codes = [code for code in (symptoms_of(order) if symptoms is None else symptoms) if code in faults]
    names = [rules.telling(name) for code in codes if code != "other" for name in faults[code].in_all_languages()]
    model = order.unit.model
    makers = (model.manufacturer.name, *model.manufacturer.other_names.split()) if model else ()
    return Wanted(
        words=rules.telling(order.fault),
        names=tuple(dict.fromkeys(name for name in names if name)),
        symptoms=rules.symptom_marks(order.trade, codes),
        categories=tuple(rules.category_mark(name) for name in _names_of_category(trade, order.category)),
        brands=rules.brand_marks(*makers) or rules.brand_marks(*order.unit.model_text.split()[:1]),
        models=rules.model_marks(order.unit.model_text, *((model.name,) if model else ())),
    )


def _names_of_category(trade: Any, category: Any) -> Iterable[str]:
    profile = trade.category(category.code)
    aliases = profile.aliases if profile else ()
    return dict.fromkeys((f"{trade.code}/{category.code}", *aliases, *category.label.in_all_languages()))


def _judge(wanted: Wanted, found: Iterable[Candidate], share: Callable[[str], float]) -> dict[tuple[str, str], float]:
    likeness = {(one.kind, one.key): rules.likeness(wanted, Case.indexed(one.words, one.marks), share) for one in found}
    return {key: value for key, value in likeness.items() if value >= rules.LIKE_ENOUGH}


def _read(
    actor: Actor, order: RepairOrder, judged: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], SimilarCase | None]:
    """The records behind the keys, each kind in one or two queries and once more narrowed to what the actor may see."""
    keys = {kind: [key for each, key in judged if each == kind] for kind in KINDS}
    cases: dict[tuple[str, str], SimilarCase | None] = {}
    for kind, read in _READERS.items():
        if keys[kind]:
            cases |= {
                (kind, key): case for key, case in read(actor, order, {key: judged[kind, key] for key in keys[kind]})
            }
    return cases


Read = Iterable[tuple[str, SimilarCase]]


def _orders(actor: Actor, order: RepairOrder, likeness: Mapping[str, float]) -> Read:
    rows = orders_of(actor).filter(number__in=list(likeness), state__in=FINISHED).exclude(pk=order.pk)
    found = list(rows.exclude(diagnosis="").select_related("unit__category"))
    again = orders_of(actor).filter(repeat_of__in=[row.pk for row in found])
    came_back = dict(again.values_list("repeat_of_id", "number")) if found else {}
    for row in found:
        back = came_back.get(row.pk, "")
        fixed = Outcome.CAME_BACK if back else Outcome.FIXED
        yield (
            row.number,
            SimilarCase(
                title=row.unit.label,
                source=_("Repair order {number}", number=row.number),
                url=reverse("workshop:order", args=[row.number]),
                day=row.handed_over_at or row.received_at,
                told=row.fault,
                done="\n".join(part for part in (row.diagnosis, row.work_done) if part),
                cause=row.cause,
                remedy=row.remedy,
                outcome=fixed if row.work_done else Outcome.DECLINED,
                came_back=back,
                likeness=likeness[row.number],
            ),
        )


def _past_repairs(actor: Actor, _order: RepairOrder, likeness: Mapping[str, float]) -> Read:
    for row in past_repairs_of(actor).filter(pk__in=[int(key) for key in likeness]):
        known = [part for part in (row.category, row.brand, row.model) if part and part.lower() != "unknown"]
        yield (
            str(row.pk),
            SimilarCase(
                title=" · ".join(known),
                source=_("Repair history"),
                url=reverse("workshop:past_repair", args=[row.pk]),
                day=row.repaired_on,
                told=row.problem,
                done="",
                cause="",
                remedy="",
                outcome=rules.read_outcome(row.outcome),
                likeness=likeness[str(row.pk)],
            ),
        )


def _questions(actor: Actor, order: RepairOrder, likeness: Mapping[str, float]) -> Read:
    rows = questions_of(actor).filter(number__in=list(likeness), state=QuestionState.ANSWERED.value)
    for row in rows.exclude(order=order).select_related("order__unit__category"):
        yield (
            row.number,
            SimilarCase(
                title=row.order.unit.label,
                source=_("Answer of {who}", who=row.answered_by),
                url=reverse("workshop:question", args=[row.number]),
                day=row.ended_at,
                told=row.question,
                done=row.answer,
                cause="",
                remedy="",
                outcome=Outcome.ADVICE,
                likeness=likeness[row.number],
            ),
        )


_READERS: Mapping[str, Callable[[Actor, RepairOrder, Mapping[str, float]], Read]] = {
    "order": _orders,
    "question": _questions,
    "past_repair": _past_repairs,
}


def _age(case: SimilarCase) -> int:
    return case.day.toordinal() if case.day else 0
