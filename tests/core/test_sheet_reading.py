from __future__ import annotations

import contextlib
import random
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings, strategies as st
from opencc import OpenCC

from aftersales.core.errors import Invalid
from aftersales.core.sheets import encodings, reading, values, writing
from aftersales.core.sheets.values import Rounded

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍毅浩宇轩博文子涵欣怡梓萱一诺然思远雨桐嘉懿煜城烨苑泽熠彤鸿霖华祺智宸正豪昊立峻弘哲瀚鑫鹏睿"
HEADS = "姓名,手机,地址,品牌,机型,串号"


def read(path: Path, **options):
    with reading.open_table(path, **options) as table:
        rows = [row.cells for row in table.rows]
    return table, rows


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# What this house writes it reads back


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30)
VALUE = st.one_of(
    TEXT.filter(lambda text: text.strip()),
    st.integers(-(10**14), 10**14),
    st.dates(date(1901, 1, 1), date(2999, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2999, 12, 31)).map(lambda moment: moment.replace(second=0, microsecond=0)),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(VALUE, min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_workbook_is_read_as_it_was_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("sheets") / "a.xlsx"
    writing.write_xlsx(path, title="表", heads=["甲", "乙", "丙", "丁"], rows=rows)
    _table, found = read(path)
    assert found[0] == ["甲", "乙", "丙", "丁"]
    assert [[as_written(cell) for cell in row] for row in found[1:]] == [
        [as_written(cell) for cell in row] for row in rows
    ]


def as_written(value):
    """A moment at midnight is a day to a spreadsheet."""
    if isinstance(value, datetime) and value.time().isoformat() == "00:00:00":
        return value.date()
    return value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(TEXT.filter(lambda text: text.strip()), min_size=1, max_size=4), min_size=1, max_size=6))
def test_csv_is_read_as_it_was_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("sheets") / "a.csv"
    writing.write_csv(path, title="", heads=["甲", "乙", "丙", "丁"], rows=rows)
    table, found = read(path)
    assert table.encoding == "utf-8"
    assert table.is_sure
    assert found[1:] == rows


@pytest.mark.parametrize("text", ["=1", "'=1", "''+1", "@x", "＝1", "\t-", "it's", "'quoted'"])
def test_an_apostrophe_set_against_formulas_is_taken_off_and_no_other(tmp_path, text):
    writing.write_csv(tmp_path / "a.csv", title="", heads=["x", "y"], rows=[[text, "y"]])
    assert read(tmp_path / "a.csv")[1][1] == [text, "y"]


# Cells


def test_cells_are_what_was_meant(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    chinese_day = book.add_format({"num_format": 31})  # yyyy年m月d日, which Chinese Excel names by number only
    sheet.write_number(0, 0, 13800138000)
    sheet.write_string(0, 1, "007")
    sheet.write_number(0, 2, 490154203237518)
    sheet.write_number(0, 3, 12345678901234567)  # written with 16 digits
    sheet.write_datetime(0, 4, datetime(2026, 3, 5), chinese_day)
    sheet.write_number(0, 5, 0.1)
    sheet.write_boolean(0, 6, True)
    sheet.write_formula(0, 7, "=1+1", None, "算好的")
    book.close()
    _table, (row,) = read(tmp_path / "a.xlsx")
    assert row == [
        13800138000, "007", 490154203237518, Rounded("12345678901234570"), date(2026, 3, 5), Decimal("0.1"), True, "算好的",
    ]  # fmt: skip
    assert values.as_text(row[0]) == "13800138000"
    assert values.as_text(row[1]) == "007"
    with pytest.raises(Invalid, match="Format the column as text"):
        values.as_text(row[3])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 张三 ", "张三"), (None, ""), ("1.38001380000E+10", "13800138000"), ('="0138"', "0138"), ("3E2", "3E2"), (Decimal("1.50"), "1.50"),
        (date(2026, 3, 5), "2026-03-05"), (7, "7"), ("E10", "E10"),
    ],
)  # fmt: skip
def test_a_text_is_what_one_would_have_typed(cell, text):
    assert values.as_text(cell) == text


def test_a_telephone_number_that_was_shortened_is_refused(tmp_path):
    with pytest.raises(Invalid, match="shortened"):
        values.as_text("1.38E+10")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "２０２６－０３－０５", "20260305", "民國115年3月5日", "2026-03-05 00:00:00", "2026-03-05T10:00",
        date(2026, 3, 5), datetime(2026, 3, 5, 10), 46086,
    ],
)  # fmt: skip
def test_a_day_is_understood_however_it_is_written(typed):
    assert values.as_day(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["2026-13-05", "5.3.26", "gestern", "26-03-05", 5, "3/5/2026"])
def test_what_is_no_certain_day_is_refused(typed):
    with pytest.raises(Invalid, match="is not a day"):
        values.as_day(typed)


@pytest.mark.parametrize(("typed", "number"), [("12,345", 12345), (7, 7), ("３", 3), (Decimal("5.0"), 5), (None, None)])
def test_a_whole_number_is_understood(typed, number):
    assert values.as_whole(typed) == number


@pytest.mark.parametrize("typed", ["-1", "1.5", "三", "12 km", "1e3x", "NaN"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(Invalid, match="whole number"):
        values.as_whole(typed)


# Encodings


def names(count: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2)))) for _each in range(count)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gbk", "gb18030", "big5", "shift_jis"]
)
@pytest.mark.parametrize("rows", [1, 2, 20])
def test_of_a_thousand_files_each_is_read_right_or_asked_about(encoding, rows):
    to_traditional = OpenCC("s2tw")
    wrong = []
    for seed in range(1000 // rows):
        text = "\r\n".join([*names(rows, seed), "13800138000"])
        if encoding == "big5":
            text = to_traditional.convert(text)
        data = text.encode(encoding, "ignore")
        found = encodings.guess(data)
        if found.is_sure and encodings.decode(data, found.encoding) != data.decode(encoding):
            wrong.append((text, found.encoding))
    assert wrong == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gbk", "gb18030", "big5"])
def test_a_file_with_heads_is_known_for_certain(encoding):
    text = "\r\n".join([HEADS, *names(20, 7)])
    if encoding == "big5":
        text = OpenCC("s2tw").convert(text)
    data = text.encode(encoding, "ignore")
    found = encodings.guess(data)
    assert found.is_sure
    assert encodings.decode(data, found.encoding) == data.decode(encoding)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_mark_at_the_beginning_is_believed(mark):
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[mark]
    data = mark + "姓名".encode(encoding)
    assert encodings.guess(data) == encodings.Guess(encoding, is_sure=True)
    assert encodings.decode(data, encoding) == "姓名"


def test_the_famous_word_that_looks_like_utf_8_is_asked_about():
    assert not encodings.guess("联通".encode("gbk")).is_sure


def test_the_chosen_encoding_is_used_and_one_that_cannot_be_is_refused(tmp_path):
    path = saved(tmp_path / "a.csv", "陈刚,1".encode("gbk"))
    assert not read(path)[0].is_sure
    assert read(path, encoding="gb18030")[1] == [["陈刚", "1"]]
    with pytest.raises(Invalid, match="not written in UTF-8"):
        read(path, encoding="utf-8")


# Shapes of CSV


@pytest.mark.parametrize(
    "text",
    [
        "甲,乙\n丙,丁\n", "甲\t乙\r\n丙\t丁", "甲;乙\n丙;丁", "sep=;\n甲;乙\n丙;丁", "\n\n甲,乙,,\n,,\n丙,丁,\n", '"甲","乙"\n"丙","丁"',
    ],
)  # fmt: skip
def test_cells_are_parted_as_the_file_parts_them(tmp_path, text):
    assert read(saved(tmp_path / "a.csv", text.encode()))[1] == [["甲", "乙"], ["丙", "丁"]]


def test_rows_keep_their_numbers_and_some_may_be_looked_at(tmp_path):
    path = saved(tmp_path / "a.csv", "甲\n\n乙\n丙\n".encode())
    with reading.open_table(path, first=2) as table:
        rows = list(table.rows)
    assert [(row.number, row.cells) for row in rows] == [(1, ["甲"]), (3, ["乙"])]
    assert table.count == 3


# What is hostile, broken, or no table


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


def test_openpyxl_agrees_about_what_was_written(tmp_path):
    writing.write_xlsx(tmp_path / "a.xlsx", title="客户", heads=["姓名"], rows=[["张三"]])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["客户"]
    assert read(tmp_path / "a.xlsx")[0].sheets == ["客户"]
