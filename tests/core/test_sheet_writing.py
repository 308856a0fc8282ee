from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given, settings, strategies as st

from aftersales.core.money import Money
from aftersales.core.sheets import shelf, writing
from aftersales.core.text import text as _

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "'=1", "=cmd|' /C calc'!A0"]


def write(form, rows, path, heads=("甲", "乙")):
    return writing.WRITERS[form](path, title="表", heads=heads, rows=rows)


def cells(path):
    return list(openpyxl.load_workbook(path).active.iter_rows())


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_can_become_a_formula(tmp_path, text):
    write("xlsx", [[text, text]], tmp_path / "a.xlsx", heads=[text, "x"])
    found = [cell for row in cells(tmp_path / "a.xlsx") for cell in row]
    assert [cell.data_type for cell in found if cell.data_type in {"f", "e", "n"}] == []
    write("csv", [[text, text]], tmp_path / "a.csv", heads=[text, "x"])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(cell[:1] in {"'", "x"} for row in csv.reader(file) for cell in row)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_whatever_is_written_is_text(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("sheets") / "a.xlsx"
    assert write("xlsx", rows, path) == len(rows)
    assert {cell.data_type for row in cells(path) for cell in row if cell.value is not None} <= {"s", "inlineStr"}


def test_days_moments_amounts_and_numbers_are_what_they_are(tmp_path):
    moment = datetime(2026, 11, 23, 1, 2, tzinfo=UTC)
    row = [
        date(2026, 1, 2),
        moment,
        Money(123450),
        7,
        Decimal("1.5"),
        None,
        True,
        _("Yes"),
        date(1899, 5, 1),
        12345678901234567890,
    ]
    with timezone.override("Asia/Shanghai"):
        write("xlsx", [row], tmp_path / "a.xlsx", heads=list("abcdefghij"))
        write("csv", [row], tmp_path / "a.csv", heads=list("abcdefghij"))
    first, second = cells(tmp_path / "a.xlsx")
    assert [cell.value for cell in first] == list("abcdefghij")
    assert [cell.value for cell in second] == [
        datetime(2026, 1, 2), datetime(2026, 11, 23, 9, 2), 1234.5, 7, 1.5, None, "Yes", "Yes", "1899-05-01", "12345678901234567890",
    ]  # fmt: skip
    assert (second[0].number_format, second[2].number_format) == ("yyyy-mm-dd", "#,##0.00")
    line = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert line == "2026-01-02,2026-11-23 09:02,1234.50,7,1.5,,Yes,Yes,1899-05-01,12345678901234567890"


def test_the_heads_stand_still_and_the_columns_are_wide_enough(tmp_path):
    write("xlsx", [["很长的一个名字很长的一个名字", 1]], tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.column_dimensions["A"].width > 28
    assert sheet.column_dimensions["B"].width < 10


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path):
    write("xlsx", [["长" * 40_000, 1]], tmp_path / "a.xlsx")
    value = cells(tmp_path / "a.xlsx")[1][0].value
    assert (len(value), value[-1]) == (32_767, "…")


def test_a_file_is_complete_or_not_there(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def break_off(path):
        path.write_text("half")
        raise ValueError

    with pytest.raises(ValueError):
        shelf.put("token", break_off)
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == []
