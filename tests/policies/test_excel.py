from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as some
from openpyxl import load_workbook

from aftersales.policies.engine.document import read_document, written
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.excel import from_sheets, read_workbook, to_sheets, write_workbook
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import SMALL, _returns


def there_and_back(text, tmp_path):
    write_workbook(tmp_path / "policy.xlsx", read_document(text))
    return read_workbook(tmp_path / "policy.xlsx")


@pytest.mark.parametrize("text", [_returns(), SMALL], ids=["returns", "small"])
def test_a_policy_comes_back_from_excel_as_it_went(text, tmp_path):
    back = there_and_back(text, tmp_path)
    assert written(read_document(back)) == written(read_document(text))
    assert read_policy(back).digest == read_policy(text).digest


CELL = some.text(alphabet="ab |\\-<=$@123é未知=+", max_size=8).map(lambda text: " ".join(text.split()))


@settings(max_examples=100, deadline=None)
@given(some.lists(some.tuples(CELL, CELL, CELL), max_size=5))
def test_whatever_stands_in_the_cells_comes_back(cells):
    document = read_document(SMALL)
    table = next(section for section in document.sections if section.title.startswith("doing"))
    grid = table.grids[0]
    for row, (one, two, three) in zip(grid.rows, cells, strict=False):
        row.left["kind"], row.cells["cite"], row.cells["over"] = (
            one.rstrip("\\ "),
            two.rstrip("\\ "),
            three.rstrip("\\ "),
        )
    assert written(read_document(from_sheets(to_sheets(document)))) == written(document)


def test_what_a_manager_edits_in_excel_is_in_the_policy(tmp_path):
    write_workbook(tmp_path / "policy.xlsx", read_document(SMALL))
    book = load_workbook(tmp_path / "policy.xlsx")
    sheet = book["parameters"]
    assert [cell.value for cell in sheet[2]] == ["week", "7", "day"]
    sheet["B2"] = 10  # a number, as Excel keeps it
    book.save(tmp_path / "policy.xlsx")
    policy = read_policy(read_workbook(tmp_path / "policy.xlsx"))
    assert policy.parameters["week"].value == 10


def test_no_cell_is_taken_for_a_formula(tmp_path):
    write_workbook(tmp_path / "policy.xlsx", read_document(SMALL.replace("Goods come back", "=1+1 comes back")))
    book = load_workbook(tmp_path / "policy.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_workbook_that_is_no_policy_says_so(tmp_path):
    with pytest.raises(PolicyError, match="lacks the sheet"):
        from_sheets([("Sheet1", [["a", "b"]])])
    with pytest.raises(PolicyError, match="“doing” is missing"):
        from_sheets([sheet for sheet in to_sheets(read_document(SMALL)) if sheet[0] != "doing"])
