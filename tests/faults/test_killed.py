"""Servers killed in the middle of their work: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

from tests.faults.databases import at_once
from tests.faults.servers import Customers

KILLS = 4


def numbers(upto):
    return [f"T-TEST-2026-{number:06d}" for number in range(1, upto + 1)]


def test_killed_workers_and_servers_lose_nothing_acknowledged_and_double_nothing(serve, copy, ledger):
    server = serve(copy, workers=2)
    with Customers(server) as customers:

        def go_on(by=10):
            standing = len(customers.acknowledged)
            server.wait_until(lambda: len(customers.acknowledged) > standing + by)

        for _kill in range(KILLS):
            go_on()
            server.kill_a_worker()
        go_on()
        server.kill()
        server.start()
        go_on()
    sent = dict(customers.acknowledged)
    assert len(sent) > (KILLS + 2) * 10
    assert {answer.status for answer in customers.refused} <= {503}
    assert sorted(ledger(copy)) == sorted(sent.items())
    assert sorted(sent.values()) == numbers(len(sent))
    # Who is not sure sends it again, now that all is calm: the same number, and nothing new.
    for key, number in list(sent.items())[::7]:
        again = server.post("/probe/take/", key, note=key)
        assert (again.status, again.text, again.headers.get("idempotent-replayed")) == (200, number, "true")
    key = next(iter(sent))
    assert server.post("/probe/take/", key, note="something else").status == 422
    assert len(ledger(copy)) == len(sent)

    # One form clicked twenty times at once, answered by two processes.
    answers = at_once(*[lambda: server.post("/probe/take/", "one-form-clicked-often", note="a", slowly="1")] * 20)
    assert [answer.status for answer in answers] == [200] * 20
    assert {answer.text for answer in answers} == {numbers(len(sent) + 1)[-1]}
    assert ledger(copy)[-1] == ("a", answers[0].text)
    assert len(ledger(copy)) == len(sent) + 1
