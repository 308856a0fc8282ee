"""The editor of a draft: a row opened, tried, saved, added, moved, removed; whoever may not, or comes too late, is told so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted, Refused
from aftersales.core.models import JournalEntry
from aftersales.policies import queries, services
from aftersales.policies.engine.one_table import budget_for
from aftersales.policies.models import PolicyVersion
from aftersales.policies.rules import rows
from aftersales.policies.rules.rows import Address, Cells
from tests.factories.policies import SHIPPED, make_approver, make_owner, make_policy
from tests.factories.staff import actor_of, make_manager, make_person

pytestmark = pytest.mark.django_db
GROUND = Address("return", "ground")
PARAMETERS = Address("registers", "parameters")
KEY = {"_once": "k" * 24}


@pytest.fixture
def owner():
    return make_owner()


@pytest.fixture
def draft(owner, now):
    return services.adopt_shipped(owner, file=SHIPPED, now=now)


@pytest.fixture
def seen(client, draft):
    """The service manager before the draft."""
    client.force_login(make_manager("林经理"))
    return client


def now_standing():
    return PolicyVersion.objects.get(policy="returns", number=1)


def grid_of(owner, address=GROUND):
    return queries.get_grid(owner, now_standing(), address)


def mark_of(row, address=GROUND):
    return rows.mark_of(rows.row_at(now_standing().text, address, row)[1])


def url(name, *more):
    return reverse(f"policies:{name}", args=["returns", 1, *more])


def row_url(name, address=GROUND):
    return url(name, address.decision, address.table)


def typed(owner, row, address=GROUND, **changes):
    """What the form of a row sends, with other words in some columns."""
    grid = grid_of(owner, address)
    view = queries.get_row(grid, row)
    sent = {cell.column.key: changes.get(cell.column.name, cell.raw) for cell in view.cells}
    return {**sent, "row": row, "mark": view.mark, **KEY}


# Services


def test_a_row_is_set_and_the_rest_of_the_text_stays(owner, draft, now):
    services.set_row(
        owner, policy="returns", number=1, address=GROUND, row="G08", mark=mark_of("G08"),
        cells=Cells({"days_recv": ">4"}, {"remark": "第四天归公司"}), now=now,
    )  # fmt: skip
    old, new = draft.text.splitlines(), now_standing().text.splitlines()
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == 1
    assert ">4" in changed[0][1]
    assert "第四天归公司" in changed[0][1]
    entry = JournalEntry.objects.filter(act="set_row").get()
    assert entry.after["lines"] == [f"-{changed[0][0]}", f"+{changed[0][1]}"]


def test_who_opened_the_row_before_somebody_else_changed_it_is_told_and_nothing_is_lost(owner, draft, now):
    mark = mark_of("G08")
    change = {"policy": "returns", "number": 1, "address": GROUND, "row": "G08", "mark": mark, "now": now}
    services.set_row(owner, cells=Cells({"days_recv": ">4"}, {}), **change)
    with pytest.raises(Conflict) as refused:
        services.set_row(make_owner("陆敏"), cells=Cells({"days_recv": ">5"}, {}), **change)
    assert [(each.theirs, each.yours) for each in refused.value.differences] == [(">4", ">5")]
    assert rows.row_at(now_standing().text, GROUND, "G08")[1].left["days_recv"] == ">4"


def test_two_people_on_two_rows_do_not_disturb_each_other(owner, draft, now):
    one, other = mark_of("G08"), mark_of("G21")
    common = {"policy": "returns", "number": 1, "address": GROUND, "now": now, "cells": Cells({}, {"remark": "x"})}
    services.set_row(owner, row="G08", mark=one, **common)
    services.set_row(make_owner("陆敏"), row="G21", mark=other, **common)
    assert now_standing().version == draft.version + 2


def test_a_cell_that_cannot_be_read_is_refused_with_its_place(owner, draft, now):
    with pytest.raises(Invalid, match=r"G08.*x4"):
        services.set_row(
            owner, policy="returns", number=1, address=GROUND, row="G08", mark=mark_of("G08"),
            cells=Cells({"days_recv": "x4"}, {}), now=now,
        )  # fmt: skip
    assert now_standing().text == draft.text


def test_a_bar_in_a_cell_makes_no_new_column(owner, draft, now):
    services.set_row(
        owner, policy="returns", number=1, address=GROUND, row="G08", mark=mark_of("G08"),
        cells=Cells({}, {"remark": "甲|乙 || 丙\n# 新标题"}), now=now,
    )  # fmt: skip
    assert rows.row_at(now_standing().text, GROUND, "G08")[1].cells["remark"] == "甲|乙 || 丙 # 新标题"


def test_a_new_row_takes_the_next_free_id_and_stands_behind_the_one_it_copies(owner, draft, now):
    grid = grid_of(owner)
    copy = queries.new_row(draft, grid, like="G08")
    assert copy.id == "G15", "G09 to G14 are taken"
    cells = queries.cells_from(grid.columns, {cell.column.key: cell.raw for cell in copy.cells})
    services.add_row(owner, policy="returns", number=1, address=GROUND, cells=cells, after="G08", now=now)
    names = [row.id for row in grid_of(owner).rows]
    assert names[names.index("G08") + 1] == "G15"


def test_a_row_whose_id_is_taken_or_missing_is_refused(owner, draft, now):
    for name in ("G08", ""):
        with pytest.raises(Invalid):
            services.add_row(
                owner,
                policy="returns",
                number=1,
                address=GROUND,
                cells=Cells({"id": name}, {"ground": "ours"}),
                now=now,
            )
    assert now_standing().text == draft.text


def test_removing_a_row_takes_its_name_out_of_the_exceptions_to_it(owner, draft, now):
    services.remove_row(owner, policy="returns", number=1, address=GROUND, row="G12", mark=mark_of("G12"), now=now)
    grid, row = rows.row_at(now_standing().text, GROUND, "G10")
    assert row.cells["over"] == "G11"
    assert "G12" not in rows.names_of(grid)
    with pytest.raises(Missing, match="G12"):
        services.remove_row(owner, policy="returns", number=1, address=GROUND, row="G12", mark="", now=now)


def test_a_row_moves_and_at_the_end_it_stays_and_nothing_is_decided_otherwise(owner, draft, now):
    for by in (-1, -1, -1):
        services.move_row(owner, policy="returns", number=1, address=GROUND, row="G02", by=by, now=now)
    assert [row.id for row in grid_of(owner).rows][:3] == ["G02", "G00", "G01"]
    assert not queries.examine(now_standing()).red


def test_a_register_is_edited_in_the_same_way(owner, draft, now):
    services.set_row(
        owner, policy="returns", number=1, address=PARAMETERS, row="free_days", mark=mark_of("free_days", PARAMETERS),
        cells=Cells({}, {"value": "4"}), now=now,
    )  # fmt: skip
    assert queries.policy_of(now_standing()).parameters["free_days"].value == 4


def test_the_reading_in_another_language_is_a_table_of_its_own(owner, draft):
    own, english = (
        grid_of(owner, Address("registers", "ambiguities")),
        grid_of(owner, Address("registers", "ambiguities.en")),
    )
    assert own.rows[0].id == english.rows[0].id == "AMB-01"
    assert own.rows[0].mark != english.rows[0].mark


def test_a_clause_is_written_anew_and_its_rows_stay(owner, draft, now):
    title, said = rows.clause_at(draft.text, "2.A3")
    mark = rows.mark_of_clause(title, said)
    change = {"policy": "returns", "number": 1, "clause": "2.A3", "was": mark, "now": now}
    services.edit_clause(owner, title="四天起由销售解决", said="常规货物收货满四天起。\n由销售自行解决。", **change)
    clause = queries.policy_of(now_standing()).clauses["2.A3"]
    assert (clause.title, clause.text) == ("四天起由销售解决", "常规货物收货满四天起。\n由销售自行解决。")
    assert len(queries.policy_of(now_standing()).clauses) == len(queries.policy_of(draft).clauses)
    with pytest.raises(Conflict):
        services.edit_clause(owner, title="别的", said="", **change)
    with pytest.raises(Invalid, match="#"):
        services.edit_clause(
            owner, title="别的", said="# facts", **{**change, "was": rows.mark_of_clause(clause.title, clause.text)}
        )


def test_what_is_no_draft_any_more_is_not_edited(owner, now):
    policy = make_policy(owner, make_approver())
    common = {"policy": "returns", "number": 1, "address": GROUND, "now": now}
    acts = (
        lambda: services.set_row(owner, row="G08", mark=mark_of("G08"), cells=Cells({}, {"remark": "x"}), **common),
        lambda: services.add_row(owner, cells=Cells({"id": "G99"}, {}), **common),
        lambda: services.remove_row(owner, row="G08", mark=mark_of("G08"), **common),
        lambda: services.move_row(owner, row="G08", by=1, **common),
    )
    for act in acts:
        with pytest.raises(Refused, match="no draft"):
            act()
    assert now_standing().text == policy.text


def test_only_who_may_edit_edits(draft, now):
    clerk = actor_of(make_person("李兰", duty="returns_clerk", station="NJ"))
    with pytest.raises(NotPermitted):
        services.set_row(
            clerk,
            policy="returns",
            number=1,
            address=GROUND,
            row="G08",
            mark=mark_of("G08"),
            cells=Cells({}, {}),
            now=now,
        )
    assert now_standing().version == draft.version


# What an edit would bring about


def tried(draft, row, address=GROUND, **cells):
    text = rows.set_row(draft.text, address, row, Cells(cells, {}) if address == GROUND else Cells({}, cells))
    return queries.try_text(draft, text, address, row)


def test_a_gap_is_told_with_its_case_before_anything_is_saved(draft):
    trial = tried(draft, "G08", days_recv=">4")
    [gap] = [each for each in trial.found if each.is_serious]
    assert (gap.kind, gap.is_new) == ("gap", True)
    assert "days since receipt: 4" in gap.sentence
    assert "days since receipt: 4 days" in gap.example
    assert trial.red == ("quality-day-4-and-a-half",)
    assert now_standing().text == draft.text


def test_mending_it_is_told_as_well(owner, draft, now):
    services.set_row(
        owner, policy="returns", number=1, address=GROUND, row="G08", mark=mark_of("G08"),
        cells=Cells({"days_recv": ">4"}, {}), now=now,
    )  # fmt: skip
    trial = tried(now_standing(), "G08", days_recv=">$free_days")
    assert trial.is_sound
    assert trial.mended == 1
    assert trial.green == ("quality-day-4-and-a-half",)


def test_a_contradiction_and_a_rule_that_never_decides_are_told(draft):
    conflict = tried(draft, "G08", days_recv="-", level="P1")
    assert any(each.kind == "conflict" and "G08" in each.rules for each in conflict.found)
    dead = tried(draft, "G71", cause="not_ours" if False else "quality", stock_class="not_ours", level="P5")
    assert any(each.kind == "dead" and each.rules == ("G71",) for each in dead.found)


def test_what_a_level_silently_overrides_is_told(draft):
    assert queries.try_text(draft, draft.text, GROUND, "G03").overlap.overrides == ("G08",)
    assert tried(draft, "G08", level="P0").overlap.overrides[:2] == ("G03", "G04")


def test_a_number_used_everywhere_is_tried_everywhere(draft):
    trial = tried(draft, "free_days", PARAMETERS, value="4")
    assert "craft-day-4" in trial.red
    assert not any(each.is_serious for each in trial.found)


def test_a_cell_that_cannot_be_read_names_its_column(draft):
    trial = tried(draft, "G08", cause="qualty")
    assert [trouble.column for trouble in trial.troubles] == ["cause"]
    assert "qualty" in trial.troubles[0].sentence


# Pages


def test_the_tables_are_listed_and_the_check_comes_after(seen):
    page = seen.get(url("edit"))
    assert page.status_code == 200
    assert url("check_draft") in page.content.decode()
    part = seen.get(url("check_draft"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "proved" in part


def test_what_the_owner_lets_stand_is_told_with_its_reason(seen):
    page = seen.get(url("check_draft"))
    assert any("AMB-26" in each.reason for each in page.context["accepted"])
    assert "findings let stand" in page.content.decode()


def test_a_table_shows_rows_words_and_hides_empty_columns(seen):
    body = seen.get(row_url("edit_table")).content.decode()
    assert "quality problem" in body
    assert "≤3 days" in body
    narrowed = seen.get(row_url("edit_table"), {"q": "G71"}).content.decode()
    assert "G71" in narrowed
    assert 'id="row-G08"' not in narrowed
    assert "not shown" in narrowed
    assert "photo confirms it" not in narrowed.split("<tbody>")[0].split("<thead>")[1]


def test_a_row_opens_as_a_form_with_what_may_be_picked(seen):
    body = seen.get(row_url("edit_table"), {"row": "G08"}).content.decode()
    assert 'data-pick="@restricted"' in body
    assert "$free_days" in body
    assert row_url("set_row") in body


def test_a_row_is_saved_without_and_with_script(seen, owner):
    plain = seen.post(row_url("set_row"), typed(owner, "G08", remark="一"))
    assert plain.status_code == 302
    assert plain["Location"] == f"{row_url('edit_table')}#row-G08"
    part = seen.post(
        row_url("set_row"), typed(owner, "G08", remark="二") | {"_once": "m" * 24}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert "is-saved" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert rows.row_at(now_standing().text, GROUND, "G08")[1].cells["remark"] == "二"


def test_a_row_that_cannot_be_read_comes_back_with_the_sentence_at_its_cell(seen, owner, draft):
    answer = seen.post(row_url("set_row"), typed(owner, "G08", days_recv="x4"))
    assert answer.status_code == 422
    assert "“x4” is no number" in answer.content.decode()
    assert now_standing().text == draft.text


def test_a_row_that_somebody_changed_comes_back_with_both_and_may_be_saved_again(seen, owner, now):
    late = typed(owner, "G08", days_recv=">5")
    services.set_row(
        owner, policy="returns", number=1, address=GROUND, row="G08", mark=mark_of("G08"),
        cells=Cells({"days_recv": ">4"}, {}), now=now,
    )  # fmt: skip
    answer = seen.post(row_url("set_row"), late)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>&gt;4</del>" in body
    assert f'value="{mark_of("G08")}"' in body
    again = seen.post(row_url("set_row"), late | {"mark": mark_of("G08"), "_once": "n" * 24})
    assert again.status_code == 302
    assert rows.row_at(now_standing().text, GROUND, "G08")[1].left["days_recv"] == ">5"


def test_trying_a_row_tells_and_stores_nothing(seen, owner, draft):
    answer = seen.post(row_url("try_row"), typed(owner, "G08", days_recv=">4"), headers={"HX-Request": "true"})
    assert "Gap" in answer.content.decode()
    assert now_standing().text == draft.text
    whole = seen.post(row_url("try_row"), typed(owner, "G08", days_recv="x"))
    assert "cannot be read" in whole.content.decode()


def test_rows_are_added_moved_and_removed_by_the_page(seen, owner):
    fresh = seen.get(row_url("edit_table"), {"new": "1"}).content.decode()
    assert row_url("add_row") in fresh
    sent = typed(owner, "G08", id="G99", days_recv=">400") | {"row": "", "mark": "", "after": "G08"}
    assert seen.post(row_url("add_row"), sent).status_code == 302
    assert seen.post(row_url("move_row"), {"row": "G99", "by": "up", "_once": "o" * 24}).status_code == 302
    names = [row.id for row in grid_of(owner).rows]
    assert names.index("G99") == names.index("G08") - 1
    gone = {"row": "G99", "mark": mark_of("G99"), "_once": "p" * 24}
    assert seen.post(row_url("remove_row"), gone).status_code == 302
    assert "G99" not in [row.id for row in grid_of(owner).rows]


def test_every_table_and_register_opens(seen, owner, draft):
    overview = queries.overview_of(owner, draft)
    lines = [line for _key, _title, each in overview.decisions for line in each] + list(overview.registers)
    assert len(lines) > 30
    for line in lines:
        page = seen.get(row_url("edit_table", line.address), {"new": "1"})
        assert page.status_code == 200, line.address


def test_a_table_that_is_not_there_is_not_found(seen):
    for address in (Address("return", "nothing"), Address("nothing", "ground"), Address("registers", "nothing")):
        assert seen.get(row_url("edit_table", address)).status_code == 404


def test_who_only_reads_sees_no_way_to_change(client, draft):
    client.force_login(make_person("李兰", duty="returns_clerk", station="NJ"))
    body = client.get(row_url("edit_table"), {"row": "G08"}).content.decode()
    assert row_url("set_row") not in body
    assert client.post(row_url("set_row"), {"row": "G08", **KEY}).status_code == 403
    assert now_standing().version == draft.version


def test_a_clause_is_edited_by_its_page(seen, draft):
    page = seen.get(url("edit_clause", "2.A3"))
    assert "G08" in page.content.decode()
    title, said = rows.clause_at(draft.text, "2.A3")
    sent = {"title": "新的标题", "said": said, "was": rows.mark_of_clause(title, said), **KEY}
    assert seen.post(url("edit_clause", "2.A3"), sent).status_code == 302
    assert rows.clause_at(now_standing().text, "2.A3") == ("新的标题", said)
    late = seen.post(url("edit_clause", "2.A3"), sent | {"title": "更新的", "_once": "q" * 24})
    assert late.status_code == 409


def test_the_text_is_saved_whole_or_refused_with_the_lines_somebody_else_changed(seen, owner, draft, now):
    sent = {"text": draft.text.replace("四天以上由销售解决", "四天起由销售解决"), "version": draft.version, **KEY}
    assert seen.post(url("edit_text"), sent).status_code == 302
    assert "四天起由销售解决" in now_standing().text
    late = seen.post(url("edit_text"), {"text": draft.text, "version": draft.version, "_once": "r" * 24})
    assert late.status_code == 409
    assert "四天起由销售解决" in late.content.decode()
    assert "四天起由销售解决" in now_standing().text


def test_the_first_day_and_the_note_are_edited(seen, draft):
    sent = {"effective_from": "2026-12-01", "note": "第四天", "version": draft.version, **KEY}
    assert seen.post(url("edit_about"), sent).status_code == 302
    standing = now_standing()
    assert (standing.effective_from.isoformat(), standing.note) == ("2026-12-01", "第四天")


def test_what_must_never_be_is_told_of_the_whole_policy(draft):
    text = rows.set_row(draft.text, Address("return", "credit"), "K1", Cells({}, {"credit": "0.5"}))
    whole = queries.try_whole(draft, text, Address("return", "credit"))
    assert whole.is_proved
    assert {each.kind for each in whole.found} >= {"never"}
    assert queries.try_whole(draft, draft.text, GROUND).found == ()
    assert queries.try_whole(draft, "---\n", GROUND) is None


def test_the_table_of_what_must_never_be_is_edited_too(seen, owner, draft):
    wrong = Address("return", "wrong")
    grid = grid_of(owner, wrong)
    assert grid.rows[0].id == "NV1"
    assert not grid.found
    text = rows.set_row(draft.text, wrong, "NV1", Cells({"credit": "<=1"}, {}))
    assert [each.kind for each in queries.try_text(draft, text, wrong, "NV1").found if each.is_serious]
    assert 'value="never"' in seen.get(row_url("edit_table", wrong), {"new": "1"}).content.decode()


def test_rows_whose_first_cells_are_alike_are_told_apart(owner, draft, now):
    trends = Address("registers", "trends")
    assert [row.id for row in grid_of(owner, trends).rows] == ["return", "return~2"]
    services.set_row(
        owner, policy="returns", number=1, address=trends, row="return~2", mark=mark_of("return~2", trends),
        cells=Cells({}, {"cite": "2.A2"}), now=now,
    )  # fmt: skip
    assert [each.cites for each in queries.policy_of(now_standing()).trends] == [("2.C8a", "2.C8b"), ("2.A2",)]


def test_what_the_owner_lets_stand_is_no_fault_of_its_table(owner, draft):
    assert not any(each.kind == "no_citation" for each in grid_of(owner, Address("return", "bar")).found)


def test_the_whole_check_comes_after_the_tables_own(seen, owner):
    sent = typed(owner, "G08", remark="x") | {"whole": "1"}
    part = seen.post(row_url("try_row"), sent, headers={"HX-Request": "true"}).content.decode()
    assert "Nothing new in the other tables" in part


def test_a_gap_is_closed_by_a_row_made_for_just_its_cases(seen, owner, now):
    services.set_row(
        owner, policy="returns", number=1, address=GROUND, row="G08", mark=mark_of("G08"),
        cells=Cells({"days_recv": ">4"}, {}), now=now,
    )  # fmt: skip
    body = seen.get(row_url("edit_table")).content.decode()
    assert "?gap=0" in body
    page = seen.get(row_url("edit_table"), {"gap": "0"})
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    labels = {column.name: column.key for column in form.columns}
    assert sent[labels["days_recv"]] == "4"
    assert sent[labels["cause"]] == "quality"
    sent |= {labels["ground"]: "ours", labels["cite"]: "2.A3", **KEY}
    assert seen.post(row_url("add_row"), sent).status_code == 302
    assert not queries.examine(now_standing()).faults
    assert seen.get(row_url("edit_table"), {"gap": "9"}).status_code == 200


def test_the_words_of_the_clauses_stand_beside_the_open_row(seen):
    opened = seen.get(row_url("edit_table"), {"row": "G08"})
    assert [clause[0] for clause in opened.context["clauses"]] == ["2.A3"]
    assert "policy-beside" in opened.content.decode()


def test_a_long_table_comes_in_pages_and_a_row_opens_on_its_own(seen, owner):
    labels = Address("registers", "labels")
    rows_there = grid_of(owner, labels).rows
    assert len(rows_there) > 200
    first = seen.get(row_url("edit_table", labels)).content.decode()
    assert first.count('<th scope="row"') == 100
    last = rows_there[-1].id
    assert f'id="row-{last}"' not in first
    opened = seen.get(row_url("edit_table", labels), {"row": last})
    assert opened.context["form"]["row"].value() == last
    assert opened.context["page"].number == 3


def test_a_table_with_very_many_rows_is_looked_at_for_a_short_while_only():
    assert budget_for(10) == budget_for(60) > 10 * budget_for(300) > budget_for(1000) >= 200
