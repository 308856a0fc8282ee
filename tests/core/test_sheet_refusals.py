"""Files that are hostile, broken, or no table."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings, strategies as st

from aftersales.core.errors import Invalid
from aftersales.core.sheets import reading, writing
from tests.core.sheets import read, saved


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as refusal:
        read(path, first=20)
    assert refusal.value.field == "file"
    return str(refusal.value)


def workbook(path: Path, sheet_xml: str, **more: str) -> Path:
    """A workbook with one sheet of this XML, packed as tightly as a bomb is."""
    types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    relations = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
    book = '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>'
    one = '<sheet name="S" sheetId="1" r:id="rId1"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", relations.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", relations.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        archive.writestr("xl/workbook.xml", book.format(sheets=more.get("sheets", one)))
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
    return path


def sheet(rows: str) -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def test_the_bare_workbook_of_these_tests_is_read(tmp_path):
    path = workbook(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"><v>7</v></c></row>'))
    assert read(path)[1] == [[7]]


def test_a_far_cell_is_refused(tmp_path):
    far = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert "memory or time" in refused(workbook(tmp_path / "a.xlsx", far))


def test_a_gigabyte_packed_into_a_megabyte_is_refused(tmp_path):
    bomb = tmp_path / "a.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _each in range(1024):
                member.write(b" " * (1 << 20))
    assert bomb.stat().st_size < 2 << 20
    assert "larger than a table may be" in refused(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    bomb = tmp_path / "a.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    size = (64 << 20).to_bytes(4, "little")
    bomb.write_bytes(bomb.read_bytes().replace(size, (100).to_bytes(4, "little")))
    assert "damaged" in refused(bomb)


def test_two_million_cells_in_a_small_file_are_refused(tmp_path):
    row = "".join(f'<c r="{column}{{n}}"><v>1</v></c>' for column in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{n}">{row.replace("{n}", str(n))}</row>' for n in range(1, 210_001))
    path = workbook(tmp_path / "a.xlsx", sheet(rows))
    assert "200,000 rows" in refused(path)


def test_too_many_columns_are_refused(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet().write_row(0, 0, range(201))
    book.close()
    assert "200 columns" in refused(tmp_path / "a.xlsx")


def test_too_many_sheets_are_refused(tmp_path):
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 100_001))
    path = workbook(tmp_path / "a.xlsx", sheet(""), sheets=sheets)
    assert "200 sheets" in refused(path)


def test_a_cell_of_ten_megabytes_is_refused(tmp_path):
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * (10 << 20)}</t></is></c></row>'
    assert "32,767 characters" in refused(workbook(tmp_path / "a.xlsx", sheet(cell)))
    assert "32,767 characters" in refused(saved(tmp_path / "a.csv", b'a,"' + b"x" * (100 << 10) + b'"'))
    assert "not closed" in refused(saved(tmp_path / "b.csv", b'a,"' + b"x,y\n" * (1 << 20)))


def test_a_billion_laughs_are_not_laughed(tmp_path):
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    laughs = (
        f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
        + sheet('<row r="1"><c r="A1" t="str"><v>&a9;</v></c></row>')[21:]
    )
    path = workbook(tmp_path / "a.xlsx", laughs)
    try:
        _table, rows = read(path)
    except Invalid:
        rows = []
    assert all(len(str(cell)) < 100 for row in rows for cell in row)


def test_a_file_of_too_many_bytes_is_not_even_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    assert "MB" in refused(saved(tmp_path / "a.csv", b"x" * 11))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "old Excel file"),
        (b"PK\x03\x04 but nothing more", "damaged"),
        (b"%PDF-1.7\n\x01\x02\x03", "neither an Excel workbook nor a CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither an Excel workbook nor a CSV"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "neither an Excel workbook nor a CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path, data, sentence):
    assert sentence in refused(saved(tmp_path / "a.xlsx", data))


def test_another_office_file_is_no_table(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "neither an Excel workbook nor a CSV" in refused(tmp_path / "a.docx")


def test_an_empty_file_has_no_rows(tmp_path):
    assert read(saved(tmp_path / "a.csv", b""))[1] == []


def test_a_reading_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    assert "memory or time" in refused(saved(tmp_path / "a.csv", b"a,b\n" * 1000))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_whatever_is_sent_is_read_or_refused_with_a_sentence(tmp_path_factory, data, start):
    path = saved(tmp_path_factory.mktemp("sheets") / "a", start + data)
    with contextlib.suppress(Invalid):
        read(path)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_workbook_damaged_anywhere_is_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("sheets") / "a.xlsx"
    writing.write_xlsx(path, title="表", heads=["甲"], rows=[["x"], [1]])
    content = bytearray(path.read_bytes())
    for _each in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, 1 << 16)) % len(content)  # its length depends on when it was written
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(Invalid):
        read(path)


def test_the_server_does_not_grow_by_what_it_refuses(tmp_path):
    def size() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    test_a_far_cell_is_refused(tmp_path)
    before = size()
    test_a_cell_of_ten_megabytes_is_refused(tmp_path)
    test_a_far_cell_is_refused(tmp_path)
    assert size() - before < 300 << 20
