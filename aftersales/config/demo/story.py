"""How one order goes: every act with who does it and after how many seconds of work, from the counter to the closed file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.config.demo import phrases
from aftersales.config.demo.dice import pick
from aftersales.config.demo.material import Job, Line, work_of
from aftersales.config.demo.sight import see, signed_at_handover
from aftersales.config.demo.town import Owned
from aftersales.core.money import Money

LEADS_TO: Mapping[str, str] = {
    "receive": "received",
    "diagnose": "diagnosed",
    "quote": "quoted",
    "approve": "approved",
    "decline": "declined",
    "cancel": "cancelled",
    "revise": "diagnosed",
    "start": "repairing",
    "complete": "repaired",
    "pass_check": "checked",
    "fail_check": "repairing",
    "announce": "ready",
    "hand_over": "handed_over",
    "close": "closed",
}
"""The state after each act that moves an order."""
_AT_WORK = frozenset({"approved", "repairing"})
_ASKING = frozenset({"quote", "approve", "decline"})

DECLINES, CANCELS, FAILS, REVISES, WAITS, MISTYPES, COVERED = 0.09, 0.03, 0.06, 0.04, 0.07, 0.03, 0.4
PARTLY, DISCOUNTS, TELLS, ADVISED = 0.15, 0.06, 0.85, 0.35


@dataclass(frozen=True)
class Crew:
    """Who works on an order, by login."""

    receiver: str
    advisor: str
    supervisor: str
    technician: str
    inspector: str
    keeper: str
    manager: str
    closer: str
    cashier: str
    """Records what is paid on account; the advisor takes everything else."""


@dataclass(frozen=True)
class Step:
    """One act: after how many seconds of work since the unit came in, what, by whom, and what it is told."""

    after: int
    verb: str
    login: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """Where a story is made to stop: the state it is left in, and what it then waits for."""

    state: str
    waiting: str = ""


class Story:
    """The steps of one order, told one after the other."""

    def __init__(
        self, random: Random, unit: Owned, crew: Crew, *, turn: Turn | None, again: Job | None, is_covered: bool
    ) -> None:
        self.random, self.unit, self.crew, self.turn = random, unit, crew, turn
        self.is_again = again is not None
        """Whether the work of the last visit is done once more, for which nobody pays."""
        self.job = again or pick(random, work_of(unit.trade).jobs_for(unit.model.category))
        self.is_free = not self.is_again and is_covered and not self.job.is_wear and random.random() < COVERED
        self.lines = [_free(line) if self.is_free else line for line in self.job.lines]
        self.discount, self.discounted = Decimal(0), 0
        self.clock = 0
        self.steps: list[Step] = []

    def tell(self) -> list[Step]:
        """All steps, or those up to the turn."""
        self._come_in()
        if self._is_cancelled():
            self._add(20, 200, "cancel", self.crew.advisor, reason=self.random.choice(phrases.CANCELLED))
            self._leave()
        else:
            self._find_out()
            if self._is_declined():
                self._answer("decline")
                self._leave()
            else:
                self._answer("approve", self._agreed())
                self._repair()
        return self._cut()

    # From the counter to the customer's answer

    def _come_in(self) -> None:
        random, profile = self.random, catalog.get_trade(self.unit.trade)
        fault = random.choice(self.job.faults)
        intake = {
            "fault": (random.choice(phrases.AGAIN) if self.is_again else "") + fault,
            "accessories": random.sample([item.code for item in profile.accessories], random.choice([0, 1, 1, 2, 3])),
            **see(random, self.unit.trade, self.unit.model.category, self.job.condition),
            "pieces": random.choice([1, 1, 2, 6]) if profile.asks_pieces else None,
            "note": random.choice(phrases.NOTES) if random.random() < 0.25 else "",
        }
        self._add(0, 0, "receive", self.crew.receiver, **intake)
        if random.random() < MISTYPES:
            self._add(4, 15, "edit", self.crew.advisor, fault=fault, intake_note=random.choice(phrases.CORRECTIONS))
        if self._stops_waiting("received"):
            self._wait(self.turn.waiting if self.turn else "customer", self.crew.advisor)
        self._add(8, 70, "assign", self.crew.supervisor, technician=self.crew.technician)

    def _find_out(self) -> None:
        self._add(20, 170, "diagnose", self.crew.technician, diagnosis=self.job.diagnosis, **self.job.picks)
        for line in self.lines:
            self._add(1, 4, "add_line", self.crew.technician, **line.facts())
        if not (self.is_free or self.is_again) and self.random.random() < DISCOUNTS:
            self._discount()
        if self._stops_waiting("diagnosed"):
            self._wait("approval", self.crew.advisor)
        self._add(3, 25, "quote", self.crew.advisor)

    def _discount(self) -> None:
        """A tenth off everything, for a reason; amounts stay whole yuan only by chance."""
        self._add(
            1, 5, "discount", self.crew.advisor, percent=Decimal(10), reason=self.random.choice(phrases.DISCOUNTS)
        )
        self.discount, self.discounted = Decimal(10), len(self.lines)

    def _agreed(self) -> list[int] | None:
        """Sometimes the customer wants the first thing only; what he does not want is kept for the next visit."""
        if len(self.lines) < 2 or self.is_free or self.turn is not None or self.random.random() >= PARTLY:
            return None
        self.lines = self.lines[:-1]
        self.discounted = min(self.discounted, len(self.lines))
        return list(range(1, len(self.lines) + 1))

    def _answer(self, verb: str, agreed: list[int] | None = None) -> None:
        way = self.random.choices(["telephone", "message", "in_person", "signature"], [45, 30, 20, 5])[0]
        words = phrases.YES if verb == "approve" else phrases.NO
        note = self.random.choice(words) if self.random.random() < (0.2 if verb == "approve" else 0.9) else ""
        lines = {} if agreed is None else {"agreed": agreed}
        self._add(10, 240, verb, self.crew.advisor, way=way, given_by=self._speaks(), note=note, **lines)

    # The repair

    def _repair(self) -> None:
        self._add(10, 200, "start", self.crew.technician)
        if self._stops_waiting("repairing") or self.random.random() < WAITS * self.job.risk:
            self._wait_for_parts()
        if self.random.random() < REVISES:
            self._revise()
        self._work(0.7, 1.5)
        if self.random.random() < FAILS:
            self._add(10, 90, "fail_check", self.crew.inspector, **self._failures())
            self._work(0.3, 0.6)
        self._add(10, 110, "pass_check", self.crew.inspector, answers=self._answers())
        way = self.random.choices(["telephone", "message"], [85, 15])[0]
        told = self.random.choice(phrases.TOLD).format(what=self.job.done)
        self._add(5, 60, "announce", self.crew.advisor, way=way, reached=self._speaks(), told=told)
        self._leave()

    def _work(self, least: float, most: float) -> None:
        minutes = self.job.hours * 60
        self._add(minutes * least, minutes * most, "complete", self.crew.technician, work_done=self.job.done)

    def _revise(self) -> None:
        fitting = [extra for extra in work_of(self.unit.trade).extras if self.unit.model.category in extra.categories]
        if not fitting:
            return
        extra = self.random.choice(fitting)
        self._add(20, 90, "add_line", self.crew.technician, **extra.line.facts())
        self.lines.append(extra.line)
        self._add(2, 15, "quote", self.crew.advisor, note=extra.reason)
        self._answer("approve")

    def _wait_for_parts(self) -> None:
        asked = self.turn.waiting if self.turn and self.turn.state == "repairing" else ""
        self._wait(asked or self.random.choices(["parts", "manufacturer"], [85, 15])[0], self.crew.technician)

    def _wait(self, reason: str, login: str) -> None:
        owner = {"parts": self.crew.keeper, "manufacturer": self.crew.keeper, "approval": self.crew.manager}
        on, note = owner.get(reason, self.crew.advisor), self.random.choice(phrases.WAITING[reason])
        self._add(5, 30, "wait", login, waiting_for=reason, on=on, note=note)
        least, most = (60, 300) if reason in {"approval", "customer"} else (240, 1500)
        if reason in {"parts", "manufacturer"} and self.random.random() < TELLS:
            self._tell(reason)
        self._add(least, most, "resume", on)

    def _tell(self, reason: str) -> None:
        """The advisor calls before the promise is missed, and the customer agrees to another day."""
        told = self.random.choice(phrases.LATER[reason])
        self._add(
            10,
            90,
            "contact",
            self.crew.advisor,
            way="telephone",
            reached=self._speaks(),
            reason=reason,
            note=told,
            days=self.random.choice([1, 2, 3]),
        )

    # The way out

    def _leave(self) -> None:
        due = self._due()
        self._add(30, 420, "", "")  # the customer comes when he has time
        if self.steps[-1].verb == "announce":
            self._add(1, 6, "explain", self.crew.advisor, **self._explanation())
            if due.fen:
                self._pay(due)
        person, authority = self._takes()
        signed = signed_at_handover(person)
        self._add(2, 10, "hand_over", self.crew.advisor, taken_by=person, authority=authority, **signed)
        self._add(150, 900, "close", self.crew.closer)

    def _pay(self, due: Money) -> None:
        on_account = self.unit.owner.is_firm and self.random.random() < 0.6
        way = "account" if on_account else self.random.choices(["wechat", "alipay", "cash", "card"], [52, 27, 13, 8])[0]
        login = self.crew.cashier if on_account else self.crew.advisor
        first = Money(due.fen // 200 * 100) if self.random.random() < 0.02 else Money()
        if first.fen:
            self._add(1, 3, "record_payment", self.crew.advisor, amount=first, way="cash")
        self._add(1, 5, "record_payment", login, amount=due - first, way=way)

    def _explanation(self) -> dict[str, Any]:
        is_replaced = any(line.kind == "part" for line in self.lines)
        old_parts = self.random.choices(["taken", "left", "claimed"], [45, 45, 30 * self.is_free])[0]
        facts = {"work_told": self.job.done, "old_parts": old_parts if is_replaced else "none", "is_explained": True}
        if self.random.random() < ADVISED:
            facts |= {"advice": self.random.choice(phrases.ADVICE), "next_visit_in": self.random.choice([90, 180, 365])}
        return facts

    def _due(self) -> Money:
        gross = [line.unit_price.times(line.quantity) for line in self.lines[: self.discounted]]
        plain = [line.unit_price.times(line.quantity) for line in self.lines[self.discounted :]]
        less = [amount - amount.times(self.discount / 100) for amount in gross]
        return Money() if self.is_again else Money(sum(amount.fen for amount in [*less, *plain]))

    # Who says what

    def _speaks(self) -> str:
        owner = self.unit.owner
        return f"{owner.name}（{owner.called}）"[:80] if owner.is_firm else owner.called

    def _takes(self) -> tuple[str, str]:
        owner = self.unit.owner
        if owner.is_firm:
            return self.random.choice(
                [(owner.called, "owner"), ("单位司机", "slip"), (f"{owner.called}的同事", "word")]
            )
        others = [
            (f"{owner.called}的家属", "slip"),
            (f"{owner.called}的朋友", "slip"),
            (f"{owner.called}的家属", "word"),
        ]
        return (owner.name, "owner") if self.random.random() < 0.86 else self.random.choice(others)

    def _answers(self) -> dict[str, str]:
        """The whole checklist passed, but for a point or two that does not apply to this unit."""
        points = [item.code for item in catalog.get_trade(self.unit.trade).quality]
        odd = self.random.sample(points[1:], self.random.choice([0, 0, 1, 2]))
        return {code: "not-applicable" if code in odd else "passed" for code in points}

    def _failures(self) -> dict[str, Any]:
        """One or two points that failed, with what was found; those after them were not looked at any more."""
        points = [item.code for item in catalog.get_trade(self.unit.trade).quality]
        known = [code for code in points if code in phrases.FAILED]
        failed = self.random.sample(known, self.random.choice([1, 1, 2]))
        looked_at = points[: max(points.index(code) for code in failed) + 1]
        return {
            "answers": {code: "failed" if code in failed else "passed" for code in looked_at},
            "notes": {code: self.random.choice(phrases.FAILED[code]) for code in failed},
            "note": self.random.choice(["", "", "请优先处理，客户下午来取。", "复查后请再试机半小时。"]),
        }

    # Steps

    def _add(self, least: float, most: float, verb: str, login: str, **facts: Any) -> None:
        self.clock += int(self.random.uniform(least, most) * 60) + (1 if verb != "receive" else 0)
        if verb:
            self.steps.append(Step(self.clock, verb, login, facts))

    def _is_declined(self) -> bool:
        return self.turn.state == "declined" if self.turn else self.random.random() < DECLINES and not self.is_free

    def _is_cancelled(self) -> bool:
        return self.turn.state == "cancelled" if self.turn else self.random.random() < CANCELS

    def _stops_waiting(self, state: str) -> bool:
        return self.turn is not None and self.turn.state == state and bool(self.turn.waiting)

    def _cut(self) -> list[Step]:
        """The steps until the state of the turn is reached for good; a wait that belongs to it goes on."""
        if self.turn is None:
            return self.steps
        ends = max(place for place, (_step, state) in enumerate(moves(self.steps)) if state == self.turn_state)
        if self.turn.waiting:
            ends = next(place for place, step in enumerate(self.steps) if step.verb == "wait")
            ends += self.steps[ends + 1].verb == "contact"
        elif self.turn.state == "received":
            ends += sum(
                step.verb in {"edit", "assign"}
                for step in self.steps[ends + 1 : ends + 1 + self.random.choice([0, 1, 2])]
            )
        elif self.turn.state == "diagnosed":
            ends += sum(
                step.verb == "add_line" for step in self.steps[ends + 1 : ends + 1 + self.random.choice([0, 1, 2])]
            )
        return self.steps[: ends + 1]

    @property
    def turn_state(self) -> str:
        """The state this story ends in."""
        return self.turn.state if self.turn else "closed"


def moves(steps: Iterable[Step]) -> Iterator[tuple[Step, str]]:
    """Each step with the state it moves the order to, or nothing; what is asked about during the work moves nothing."""
    now = ""
    for step in steps:
        is_added_work = now in _AT_WORK and step.verb in _ASKING
        moved = "" if is_added_work else LEADS_TO.get(step.verb, "")
        now = moved or now
        yield step, moved


def state_after(steps: list[Step]) -> str:
    """The state an order is in after these steps."""
    return [state for _step, state in moves(steps) if state][-1]


def is_waiting_after(steps: list[Step]) -> bool:
    """Whether an order stands still after these steps."""
    last = next((step.verb for step in reversed(steps) if step.verb in {"wait", "resume"}), "resume")
    return last == "wait"


def _free(line: Line) -> Line:
    return replace(line, unit_price=Money(), basis="保修期内，免费")
