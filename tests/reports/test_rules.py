"""The report as a function of its facts: what must add up whatever happens in a house, and how it is kept and read again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from aftersales.reports.rules import daily, plain, promises, schedule
from aftersales.reports.rules.daily import ACTS, DayReport, Figure
from aftersales.reports.rules.facts import Answer, DayFacts, Move, Order, Promised, Stop, Told
from aftersales.reports.rules.promises import Outcome
from aftersales.workshop.queries import PHASES, OrderAction, OrderState
from aftersales.workshop.rules.order import STEPS

DAY = date(2026, 11, 23)
START = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PHASE_OF = {state.value: phase for phase, states in PHASES.items() for state in states}
AFTER: dict[str, list[tuple[str, str]]] = {}
for (state, action), step in STEPS.items():
    AFTER.setdefault(state.value, []).append((action.value, step.leads_to.value))


def facts_of(day: int, moves: list[Move], stock: dict[str, str], **more: object) -> DayFacts:
    start = START + day * 24 * HOUR
    wanted = {
        "station": "NJ",
        "station_name": "南京站",
        "day": DAY + timedelta(days=day),
        "zone": "Asia/Shanghai",
        "start": start,
        "until": start + 24 * HOUR,
        "due_until": start + 48 * HOUR,
        "phases": PHASE_OF,
        "unclaimed_before": start - 7 * 24 * HOUR,
        "moves": moves,
        "stock": stock,
        "orders": {move.number: Order(move.number, "手机") for move in moves} | {n: Order(n, "手机") for n in stock},
    }
    return DayFacts(**(wanted | more))  # type: ignore[arg-type]


@st.composite
def lives(draw):
    """Three days in a house: each day's moves, and the stock at its end, as the workflow's own table lets orders go."""
    states: dict[str, str] = {}
    days = []
    for day in range(3):
        moves = []
        for minute in range(draw(st.integers(0, 12))):
            at = START + day * 24 * HOUR + timedelta(minutes=minute)
            known = sorted(number for number, state in states.items() if state in AFTER)
            number = draw(st.sampled_from([*known, "new"]))
            if number == "new":
                number = f"RO-{len(states) + 1}"
                act, before, after = "receive", "", "received"
            else:
                before = states[number]
                act, after = draw(st.sampled_from(AFTER[before]))
                if before == after:
                    moves.append(Move(number, act, "王芳", at))
                    continue
            states[number] = after
            moves.append(Move(number, act, "王芳", at, before, after))
        days.append((moves, {number: state for number, state in states.items() if state in PHASE_OF}))
    return days


@given(lives())
def test_what_was_there_and_came_less_what_went_is_what_is_there(days):
    reports = [daily.count_day(facts_of(day, moves, stock)) for day, (moves, stock) in enumerate(days)]
    before = 0
    for report in reports:
        assert report.opening == before
        assert report.opening + report.count(Figure.TAKEN_IN) - report.count(Figure.HANDED_OVER) == report.closing
        assert sum(phase.opening for phase in report.phases) == report.opening
        assert sum(len(phase.numbers) for phase in report.phases) == report.closing
        before = report.closing


@given(lives())
def test_the_changes_lead_from_yesterdays_stock_to_todays(days):
    standing: dict[str, str] = {}
    for day, (moves, stock) in enumerate(days):
        for change in daily.count_day(facts_of(day, moves, stock)).changes:
            assert standing.get(change.number, "") == change.before
            standing[change.number] = change.after
        assert {number: state for number, state in standing.items() if state in PHASE_OF} == stock


@given(lives())
def test_headquarters_figures_are_the_sums_of_the_stations(days):
    reports = [daily.count_day(facts_of(0, moves, stock)) for moves, stock in days[:1] * 2]
    together = daily.combine(reports, station="HQ", name="总部")
    for figure in Figure:
        assert together.count(figure) == sum(report.count(figure) for report in reports)
    assert together.opening == sum(report.opening for report in reports)
    assert [len(phase.numbers) for phase in together.phases] == [2 * len(phase.numbers) for phase in reports[0].phases]


@given(lives(), st.text(max_size=20))
def test_a_report_that_was_kept_is_read_again_as_the_same_with_the_same_fingerprint(days, note):
    moves, stock = days[0]
    stops = [Stop(number, "parts", "老周", START, DAY, note) for number in stock]
    report = daily.count_day(
        facts_of(0, moves, stock, stops=stops, answers=[Answer("RO-1", 1, 2, 300, 400)], since=START - HOUR)
    )
    kept = plain.freeze(report)
    assert plain.freeze(plain.thaw(DayReport, kept)) == kept
    assert plain.digest(kept) == plain.digest(plain.freeze(plain.thaw(DayReport, kept)))
    assert plain.digest({**kept, "opening": kept["opening"] + 1}) != plain.digest(kept)


def test_a_report_kept_by_an_older_or_a_newer_program_can_be_read():
    kept = plain.freeze(daily.count_day(facts_of(0, [], {})))
    del kept["unclaimed"]
    report = plain.thaw(DayReport, {**kept, "unheard_of": [1, 2]})
    assert report.unclaimed == ()
    assert report.day == DAY


def test_every_act_that_is_counted_is_an_act_of_the_workshop():
    assert set(ACTS) - {"receive"} <= {action.value for action in OrderAction}
    assert OrderState.RECEIVED.value in PHASE_OF


instants = st.integers(-48, 72).map(lambda hours: START + hours * HOUR)


@given(
    st.lists(st.tuples(instants, st.integers(1, 72), st.booleans()), min_size=1, max_size=4),
    st.lists(instants, max_size=4),
    st.none() | instants,
)
def test_each_promise_of_the_day_ends_one_way_and_telling_in_time_is_before_its_instant(made, contacts, ready_at):
    promised = [Promised("RO-1", at + hours * HOUR, at, is_house) for at, hours, is_house in made]
    told = [Told("RO-1", at, "parts") for at in contacts]
    judged = promises.judge(promised, told, {"RO-1": ready_at}, start=START, until=START + 24 * HOUR)
    assert len(judged) <= len(promised)
    for each in judged:
        assert START <= each.promised_at < START + 24 * HOUR
        is_kept = ready_at is not None and ready_at <= each.promised_at
        assert (each.outcome is Outcome.KEPT) == is_kept
        if each.outcome is Outcome.TOLD:
            assert each.told_at <= each.promised_at
        if each.outcome is Outcome.MISSED and each.told_at is not None:
            assert each.told_at > each.promised_at


@pytest.mark.parametrize(
    ("covers", "due"),
    [("same_day", datetime(2026, 11, 23, 10, tzinfo=UTC)), ("day_before", datetime(2026, 11, 24, 10, tzinfo=UTC))],
)
def test_a_report_is_due_at_its_hour_on_the_stations_wall(covers, due):
    assert schedule.due_at(DAY, send_at=schedule.DEFAULT_HOUR, covers=covers, zone="Asia/Shanghai") == due
