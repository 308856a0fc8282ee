"""`aftersales policy …` as a company uses it that keeps its policies in git."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path

import pytest

from aftersales.config.cli import main
from aftersales.policies.engine.document import read_document, written
from tests.policies.conftest import SMALL

LIBRARY = files("aftersales.policies") / "library"
SHIPPED = str(LIBRARY / "returns_2012-03-20.policy.md")


@pytest.fixture
def day_four(tmp_path):
    text = (files("aftersales.policies") / "library" / "returns_2012-03-20.policy.md").read_text(encoding="utf-8")
    file = tmp_path / "new.policy.md"
    file.write_text(text.replace("| free_days | 3 |", "| free_days | 4 |"), encoding="utf-8")
    return str(file)


@pytest.fixture
def cases(tmp_path):
    def write(*lines):
        file = tmp_path / "cases.jsonl"
        file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        return str(file)

    return write


WHOLE = {
    "cause": "quality", "days_recv": 2, "days_out": 5, "stock_class": "regular", "kind": "other", "large": False,
    "set_pieces": 1, "at_carrier": False, "photo": True, "packaging": "ok", "bags_missing": 0, "boxes_missing": 0,
    "unit_cost": 100, "film": "none", "condition": "damaged", "arrived": False, "sales_consent": True, "pm_sign": None,
    "takes_back": None, "as_consent": None, "display_support": False, "still_sold": True, "transport": "designated",
}  # fmt: skip


def test_the_shipped_policy_passes_the_check(capsys):
    assert main(["policy", "check", SHIPPED]) == 0
    assert "return: 0 gaps, 0 contradictions, 0 dead rules, 0 redundant; proved" in capsys.readouterr().out


def test_a_gap_fails_the_check_and_is_said_in_the_language_asked_for(tmp_path, capsys):
    text = (files("aftersales.policies") / "library" / "returns_2012-03-20.policy.md").read_text(encoding="utf-8")
    file = tmp_path / "torn.policy.md"
    file.write_text("\n".join(line for line in text.split("\n") if not line.startswith("| G08 ")), encoding="utf-8")
    assert main(["policy", "check", str(file), "--language", "zh-Hans"]) == 1
    assert "空白，“为什么退回”没有规则：退货原因：质量问题" in capsys.readouterr().out


def test_a_policy_that_cannot_be_read_says_where(tmp_path, capsys):
    file = tmp_path / "bad.policy.md"
    file.write_text("---\npolicy: x\n---\n", encoding="utf-8")
    assert main(["policy", "check", str(file)]) == 2
    assert "lacks “version”" in capsys.readouterr().err
    assert main(["policy", "check", str(tmp_path / "none.md")]) == 2


def test_cases_are_judged_line_by_line_with_rules_and_explanation(cases, capsys):
    assert main(["policy", "judge", SHIPPED, "--facts", cases({"id": "a", "facts": WHOLE})]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert told["id"] == "a"
    assert {key: told["outcome"][key] for key in ("disposition", "credit", "freight", "counts", "needs")} == {
        "disposition": "accept", "credit": 1, "freight": "company", "counts": True, "needs": [],
    }  # fmt: skip
    assert told["outcome"]["cites"][:2] == ["2.A2", "2.D1"]
    assert told["rules"][0] == "G01"
    assert "quality within three days" in told["explanation"]


def test_the_decision_is_found_by_the_facts_when_no_type_is_named(cases, capsys):
    file = cases(
        {"id": "m", "facts": {"returned_amount": 2501, "excluded_amount": 0, "sales_amount": 100000, "bulk_to_meet_target": False}},
        {"id": "w", "facts": {"days_in_warehouse": 31, "cause_of_delay": "both", "loss": False}},
        {"id": "v", "facts": {"return_requested_on": "2012-03-19"}},
        {"id": "b", "facts": {"who": "warehouse", "specific_penalty": False}},
        {"id": "k", "facts": {"shipped_on": "2012-03-20", "returned_on": "2012-06-21"}},
    )  # fmt: skip
    assert main(["policy", "judge", SHIPPED, "--facts", file]) == 0
    told = {line["id"]: line["outcome"] for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert (told["m"]["rate"], told["m"]["over_limit"], told["m"]["excess_amount"]) == (0.02501, True, 1)
    assert [each["who"] for each in told["w"]["penalties"]] == ["after_sales", "salesperson"]
    assert told["v"]["version"] is None
    assert told["b"]["penalties"] == [{"who": "warehouse", "min": 30, "max": 200, "cite": "3.5"}]
    assert told["k"]["days_out"] == 93


def test_a_case_that_cannot_be_judged_is_said_and_the_others_go_on(cases, capsys, monkeypatch):
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("no case\n" + json.dumps({"id": "b", "facts": {**WHOLE, "cause": "fog"}}) + "\n")
    )
    assert main(["policy", "judge", SHIPPED, "--facts", "-"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert "needs id and facts" in first["error"]
    assert "cannot be “fog”" in second["error"]


def test_missing_facts_are_asked_for(cases, capsys):
    main(
        [
            "policy",
            "judge",
            SHIPPED,
            "--facts",
            cases({"id": "a", "facts": {"cause": "no_reason", "stock_class": "not_ours"}}),
        ]
    )
    assert json.loads(capsys.readouterr().out)["outcome"]["needs"] == ["arrived"]


def test_cases_may_come_as_a_table(tmp_path, capsys):
    file = tmp_path / "cases.csv"
    rows = [dict(WHOLE, id="a"), dict(WHOLE, id="b", days_recv=9)]
    names = ["id", *WHOLE]
    text = [",".join(names)] + [",".join("" if row[n] is None else str(row[n]).lower() for n in names) for row in rows]
    file.write_text("\n".join(text), encoding="utf-8")
    assert main(["policy", "judge", SHIPPED, "--facts", str(file)]) == 0
    told = [json.loads(line)["outcome"]["disposition"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["accept", "salesperson_resolves"]


def test_an_explanation_says_why_a_clause_did_not_decide(cases, capsys):
    file = cases({"id": "a", "facts": {**WHOLE, "days_recv": 9}})
    assert main(["policy", "explain", SHIPPED, "--facts", file, "--why-not", "2.A2", "--language", "en"]) == 0
    assert "2.A2 (rule G01) does not apply: days since receipt must be ≤ 3." in capsys.readouterr().out


def test_two_versions_are_compared_and_tried_on_past_cases(day_four, cases, capsys):
    assert main(["policy", "diff", SHIPPED, SHIPPED]) == 0
    assert main(["policy", "diff", SHIPPED, day_four]) == 1
    assert "days since receipt 4" in capsys.readouterr().out
    file = cases(*({"id": str(day), "facts": {**WHOLE, "days_recv": day}} for day in range(7)))
    assert main(["policy", "whatif", SHIPPED, day_four, "--cases", file]) == 0
    told = capsys.readouterr().out
    assert "return: 7 cases, 1 would differ." in told
    assert "salesperson resolves → return accepted: 1 credit rate +1" in told


def test_a_line_that_is_no_case_is_told_and_counted_nowhere(day_four, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("no case\n" + json.dumps({"id": "a", "facts": WHOLE}) + "\n"))
    assert main(["policy", "whatif", SHIPPED, day_four, "--cases", "-"]) == 1
    told = capsys.readouterr()
    assert "line 1: This line is no case" in told.err
    assert "return: 1 cases, 0 would differ." in told.out


def test_a_policy_goes_to_excel_and_comes_back_with_its_changes_shown_first(tmp_path, day_four, capsys):
    book, kept = str(tmp_path / "policy.xlsx"), tmp_path / "kept.policy.md"
    kept.write_text(
        (files("aftersales.policies") / "library" / "returns_2012-03-20.policy.md").read_text("utf-8"), "utf-8"
    )
    assert main(["policy", "to-excel", day_four, book]) == 0
    assert main(["policy", "from-excel", book, str(kept)]) == 1
    told = capsys.readouterr().out
    assert "-| free_days | 3 |" in told
    assert "+| free_days | 4 |" in told
    assert "| free_days | 3 |" in kept.read_text(encoding="utf-8"), "nothing is written before one says so"
    assert main(["policy", "from-excel", book, str(kept), "--write"]) == 0
    assert main(["policy", "from-excel", book, str(kept)]) == 0
    assert "| free_days | 4 |" in kept.read_text(encoding="utf-8")


@pytest.fixture
def shelf(tmp_path):
    """A folder with two versions of one policy; the later one has a longer week."""
    folder = tmp_path / "policies"
    folder.mkdir()
    for name, start, days, more in (("a", "2020-01-01", 7, ""), ("b", "2021-01-01", 10, "supersedes: a\n")):
        text = SMALL.replace("version: 2020-01-01\neffective_from: 2020-01-01", (
            f"version: {name}\neffective_from: {start}\n{more}select_by: asked_on"
        ))  # fmt: skip
        text = text.replace("| week | 7 |", f"| week | {days} |")
        text = text.replace("| price | number |", "| asked_on | date | | - |\n| price | number |")
        (folder / f"small_{name}.policy.md").write_text(text, encoding="utf-8")
    return folder


LAMP = {"days": 9, "kind": "lamp", "torn": False, "price": 10}


def judged(capsys, *words):
    code = main(["policy", "judge", *map(str, words)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_of_several_versions_the_one_of_the_cases_day_decides(shelf, cases, capsys):
    days = ("2020-12-31", "2021-01-01")
    file = cases(*({"id": day, "facts": {**LAMP, "asked_on": day}} for day in days))
    code, told = judged(capsys, shelf, "--facts", file)
    assert code == 0
    assert [(line["policy"], line["outcome"]["doing"]) for line in told] == [("small@a", "decide"), ("small@b", "take")]
    code, told = judged(capsys, *sorted(shelf.iterdir()), "--facts", cases({"id": "x", "on": days[0], "facts": LAMP}))
    assert (code, told[0]["policy"]) == (0, "small@a")


def test_without_a_day_nothing_is_guessed_and_before_the_first_version_nothing_is_decided(shelf, cases, capsys):
    file = cases(
        {"id": "x", "facts": LAMP},
        {"id": "y", "on": "2019-05-01", "facts": LAMP},
        {"id": "z", "on": "soon", "facts": LAMP},
    )
    code, told = judged(capsys, shelf, "--facts", file)
    assert code == 1
    assert "say “asked_on”" in told[0]["error"]
    assert "the first begins on 2020-01-01" in told[1]["error"]
    assert "“soon” is no date" in told[2]["error"]
    code, told = judged(capsys, shelf, "--facts", cases({"id": "x", "facts": LAMP}), "--on", "2021-02-01")
    assert (code, told[0]["outcome"]["doing"]) == (0, "take")


def test_among_several_policies_the_one_that_is_named_or_knows_the_facts_decides(shelf, cases, capsys):
    file = cases(
        {"id": "r", "facts": WHOLE},
        {"id": "s", "facts": {**LAMP, "asked_on": "2021-03-01"}},
        {
            "id": "n",
            "policy": "small",
            "on": "2020-03-01",
            "facts": {"days": 1, "kind": "book", "torn": False, "price": 1},
        },
    )
    code, told = judged(capsys, shelf, SHIPPED, "--facts", file)
    assert code == 0
    assert [line["policy"] for line in told] == ["returns@2012-03-20", "small@b", "small@a"]


def test_versions_that_do_not_fit_together_are_refused_before_any_case_is_looked_at(shelf, cases, capsys):
    second = shelf / "small_b.policy.md"
    second.write_text(second.read_text(encoding="utf-8").replace("supersedes: a\n", ""), encoding="utf-8")
    for command in (["judge", str(shelf), "--facts", cases({"id": "x", "facts": LAMP})], ["check", str(shelf)]):
        assert main(["policy", *command]) == 2
        assert "the versions a and b of “small” are both in force" in capsys.readouterr().err


def test_a_folder_is_checked_file_by_file_and_a_torn_file_is_named(shelf, tmp_path, capsys):
    assert main(["policy", "check", str(shelf)]) == 0
    told = capsys.readouterr().out
    assert "small@a" in told
    assert "small@b" in told
    (shelf / "small_b.policy.md").write_text("---\npolicy: x\n---\n", encoding="utf-8")
    assert main(["policy", "check", str(shelf)]) == 2
    assert "small_b.policy.md" in capsys.readouterr().err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["policy", "check", str(empty)]) == 2
    assert "no *.policy.md file" in capsys.readouterr().err


def test_what_the_owner_has_to_rule_on_is_listed_in_the_readers_language(tmp_path, capsys):
    assert main(["policy", "questions", SHIPPED, "--language", "zh-Hant"]) == 0
    told = capsys.readouterr().out
    assert told.count("請裁定：") == 54
    assert "AMB-01（2.A2，2.A3，2.A5）" in told
    assert "據此的規則：X01，X02" in told
    file = tmp_path / "ruled.policy.md"
    file.write_text(SMALL.replace("| confirm | open |", "| confirm | ruled |"), encoding="utf-8")
    assert main(["policy", "questions", str(file)]) == 0
    assert capsys.readouterr().out == ""


CAR = {
    "kind": "car", "part": "whole", "delivered_on": "2021-12-31", "reported_on": "2022-12-01", "cause": "quality",
    "proof": True, "meter": 20000, "severe": False, "replaces_main": False, "repairs_same": 5, "repair_days": 2,
}  # fmt: skip


def test_a_warranty_is_decided_by_the_regulation_of_the_day_of_purchase(cases, capsys):
    days = ("2013-09-30", "2021-12-31", "2022-01-01")
    file = cases(*({"id": day, "facts": {**CAR, "purchased_on": day, "delivered_on": day}} for day in days))
    code, told = judged(capsys, LIBRARY, "--facts", file)
    assert code == 1
    assert "On 2013-09-30 no version of “warranty” is in force yet" in told[0]["error"]
    assert [(line["policy"], line["outcome"]["remedy"]) for line in told[1:]] == [
        ("warranty@2013-10-01", "free_repair"),
        ("warranty@2022-01-01", "exchange_or_return"),
    ]


def test_what_a_new_version_changes_is_told_by_the_output_that_changes(capsys):
    versions = [f"{LIBRARY}/warranty_{day}.policy.md" for day in ("2013-10-01", "2022-01-01")]
    assert main(["policy", "diff", *versions, "--language", "zh-Hans"]) == 1
    told = capsys.readouterr().out
    assert "同一问题已修次数 5，" in told
    assert "原为免费更换总成，现为换车或退车" in told


def test_a_policy_goes_to_dmn_and_comes_back(tmp_path, capsys):
    dmn, text = tmp_path / "policy.dmn", Path(SHIPPED).read_text(encoding="utf-8")
    assert main(["policy", "to-dmn", SHIPPED]) == 0
    dmn.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["policy", "from-dmn", str(dmn)]) == 0
    assert capsys.readouterr().out == written(read_document(text))


def test_a_dmn_file_that_cannot_be_held_says_where(tmp_path, capsys):
    dmn = tmp_path / "policy.dmn"
    main(["policy", "to-dmn", SHIPPED])
    told = capsys.readouterr().out
    dmn.write_text(told.replace("<text>&lt;=3</text>", "<text>&lt;=limit</text>", 1), encoding="utf-8")
    assert main(["policy", "from-dmn", str(dmn), "--language", "zh-Hant"]) == 2
    error = capsys.readouterr().err
    assert "表「ground」，規則 G01，「days_recv」一欄: 「<=limit」不能收" in error
    dmn.write_bytes(b"<" * 5_000_001)
    assert main(["policy", "from-dmn", str(dmn)]) == 2
    assert "too large" in capsys.readouterr().err


def test_lines_are_cases_each_by_itself_though_many_are_read_at_once(tmp_path, day_four, capsys):
    file = tmp_path / "cases.jsonl"
    good = json.dumps({"id": "a", "type": "return", "facts": WHOLE})
    torn = ['{"facts": {}, "more": [{}', '{}]}, {"facts": {}}', "[1]", '{"facts": 3}', f"{good}, {good}"]
    file.write_text("\n" * 250 + "\n".join([good, *torn, "", good, *[good] * 300]) + "\n", encoding="utf-8")
    assert main(["policy", "whatif", SHIPPED, day_four, "--cases", str(file)]) == 1
    told = capsys.readouterr()
    assert "return: 302 cases, 0 would differ." in told.out
    assert [line.partition(":")[0] for line in told.err.splitlines()] == [
        f"line {number}" for number in range(252, 257)
    ]
