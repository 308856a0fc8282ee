"""A version as a file and back: without loss, the difference first, and nothing believed that a file says of itself."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from aftersales.core.errors import Conflict, Invalid, NotPermitted, Refused
from aftersales.policies import queries, services
from aftersales.policies.models import PolicyVersion
from tests.factories.policies import SHIPPED, make_approver, make_owner, make_policy
from tests.factories.staff import actor_of, make_manager, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_owner()


@pytest.fixture
def draft(owner, now):
    return services.adopt_shipped(owner, file=SHIPPED, now=now)


@pytest.fixture
def seen(client, draft):
    client.force_login(make_manager("林经理"))
    return client


def standing():
    return PolicyVersion.objects.get(policy="returns", number=1)


def url(name, *more):
    return reverse(f"policies:{name}", args=["returns", 1, *more])


def sent(content, name="policy.xlsx"):
    return SimpleUploadedFile(name, content)


def other_workbook(draft, change):
    """The draft's workbook as somebody saved it from another program after changing it."""
    book = load_workbook(io.BytesIO(queries.as_file(draft, "xlsx")))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def set_cell(book, sheet, row, column, value):
    head = [cell.value for cell in book[sheet][1]]
    for line in book[sheet].iter_rows(min_row=2):
        if line[0].value == row:
            line[head.index(column)].value = value


@pytest.mark.parametrize("kind", ["xlsx", "dmn", "md"])
def test_what_goes_out_comes_back_the_same(draft, kind):
    text = queries.read_upload(draft, sent(queries.as_file(draft, kind)))
    assert text == draft.text
    assert queries.changes_between(draft, text).is_same


def test_a_row_changed_in_excel_is_shown_by_its_id_with_what_it_would_mean(draft):
    def change(book):
        set_cell(book, "ground", "G08", "days_recv", ">4")
        set_cell(book, "parameters", "bag_fee", "value", 6)

    text = queries.read_upload(draft, sent(other_workbook(draft, change)))
    changes = queries.changes_between(draft, text)
    told = {(each.row, cell.column): (cell.before, cell.after) for each in changes.rows for cell in each.cells}
    assert told == {("G08", "days_recv"): (">$free_days", ">4"), ("bag_fee", "value"): ("5", "6")}
    assert len(changes.faults) == 1
    assert changes.red > 0
    assert standing().text == draft.text


def test_rows_added_and_removed_and_words_outside_of_tables_are_told(draft):
    text = draft.text.replace("无偿退货。", "无偿退货，运费由公司承担。")
    lines = [line for line in text.splitlines() if not line.startswith("| G72 ")]
    place = next(at for at, line in enumerate(lines) if line.startswith("| G08 "))
    lines.insert(place, lines[place].replace("G08", "G98").replace("quality", "shortage"))
    changes = queries.changes_between(draft, queries.read_upload(draft, sent("\n".join(lines).encode(), "p.md")))
    assert {(each.row, each.kind) for each in changes.rows} == {("G98", "added"), ("G72", "removed")}
    assert any("运费由公司承担" in line for line in changes.lines)


def test_a_text_in_the_encoding_of_an_old_desktop_is_read(draft):
    assert queries.read_upload(draft, sent(draft.text.encode("gb18030"), "p.md")) == draft.text


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return packed.getvalue()


def strange_workbook():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("prices").write(0, 0, "x")
    return made.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><definitions>&b;</definitions>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bomb(), "larger than a table"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (strange_workbook(), "text"),
        (LAUGHS, "cannot be read"),
        (b"<html><body>", "cannot be read"),
        (b"", "cannot be read"),
        (b"\x00\x01\x02" * 100, "cannot be read"),
        (b"---\npolicy: other\nversion: 1\n", "cannot be read"),
        (b"x" * 5_000_001, "more than 5 MB"),
    ],
    ids=["bomb", "torn", "strange", "entities", "html", "empty", "binary", "open head", "large"],
)
def test_what_is_no_policy_is_refused_with_a_sentence(draft, content, sentence):
    with pytest.raises(Invalid, match=sentence):
        queries.read_upload(draft, sent(content))


def test_a_workbook_that_holds_more_than_a_policy_may_is_refused(draft):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("text")
        for row in range(300):
            sheet.write_string(row, 0, f"{row}" + "x" * 5000)
    with pytest.raises(Invalid, match="more than a policy"):
        queries.read_upload(draft, sent(made.getvalue()))


def test_the_file_of_another_policy_is_refused(draft):
    other = draft.text.replace("policy: returns\n", "policy: gifts\n", 1)
    with pytest.raises(Invalid, match="gifts"):
        queries.read_upload(draft, sent(other.encode(), "p.md"))


def test_it_is_taken_over_once_it_was_seen_and_not_when_the_draft_moved_on(owner, draft, now):
    text = draft.text.replace("| bag_fee | 5 |", "| bag_fee | 6 |")
    services.take_over(owner, policy="returns", number=1, version=draft.version, text=text, now=now)
    assert queries.policy_of(standing()).parameters["bag_fee"].value == 6
    with pytest.raises(Conflict):
        services.take_over(owner, policy="returns", number=1, version=draft.version, text=draft.text, now=now)
    assert queries.policy_of(standing()).parameters["bag_fee"].value == 6


def test_only_into_a_draft_and_only_by_whom_may_edit(owner, draft, now):
    clerk = actor_of(make_person("李兰", duty="returns_clerk", station="NJ"))
    with pytest.raises(NotPermitted):
        services.take_over(clerk, policy="returns", number=1, version=1, text=draft.text, now=now)
    services.hand_in(owner, policy="returns", number=1, note="上线", now=now)
    with pytest.raises(Refused, match="no draft"):
        services.take_over(owner, policy="returns", number=1, version=2, text=draft.text, now=now)


# Pages


@pytest.mark.parametrize(("kind", "start"), [("xlsx", b"PK"), ("dmn", b"<?xml"), ("md", b"---")])
def test_each_kind_of_file_is_downloaded(seen, kind, start):
    answer = seen.get(url("download_version", kind))
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"] == f'attachment; filename="returns-1.{kind}"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_compared_then_taken_over_by_the_page(seen, draft):
    content = other_workbook(draft, lambda book: set_cell(book, "ground", "G08", "remark", "由销售处理"))
    page = seen.post(url("compare_file"), {"file": sent(content)})
    body = page.content.decode()
    assert page.status_code == 200
    assert "<ins>由销售处理</ins>" in body
    assert standing().text == draft.text
    text = page.context["text"]
    form = {"text": text.replace("\n", "\r\n"), "version": draft.version, "_once": "f" * 24}
    assert seen.post(url("take_over"), form).status_code == 302
    assert standing().text == text
    late = seen.post(url("take_over"), form | {"_once": "g" * 24, "text": draft.text})
    assert late.status_code == 409
    assert "由销售处理" in late.content.decode()
    assert standing().text == text


def test_a_file_that_cannot_be_read_is_refused_in_the_form(seen, draft):
    answer = seen.post(url("compare_file"), {"file": sent(b"PK\x03\x04")})
    assert answer.status_code == 422
    assert "damaged" in answer.content.decode()
    assert seen.post(url("compare_file"), {}).status_code == 422


def test_an_approved_version_is_downloaded_but_takes_nothing_in(client, owner, now):
    make_policy(owner, make_approver())
    client.force_login(make_manager("林经理"))
    assert url("compare_file") not in client.get(url("workbook")).content.decode()
    assert client.get(url("download_version", "xlsx")).status_code == 200
    assert client.post(url("compare_file"), {"file": sent(b"x")}).status_code == 409


def test_markup_in_a_file_stays_text(seen, draft):
    text = draft.text.replace("无偿退货。", "<script>alert(1)</script>。")
    body = seen.post(url("compare_file"), {"file": sent(text.encode(), "p.md")}).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body
