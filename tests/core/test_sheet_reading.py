from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings, strategies as st
from opencc import OpenCC

from aftersales.core.errors import Invalid
from aftersales.core.sheets import encodings, reading, values, writing
from aftersales.core.sheets.values import Rounded
from tests.core.sheets import read, saved

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍毅浩宇轩博文子涵欣怡梓萱一诺然思远雨桐嘉懿煜城烨苑泽熠彤鸿霖华祺智宸正豪昊立峻弘哲瀚鑫鹏睿"
HEADS = "姓名,手机,地址,品牌,机型,串号"


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


def test_openpyxl_agrees_about_what_was_written(tmp_path):
    writing.write_xlsx(tmp_path / "a.xlsx", title="客户", heads=["姓名"], rows=[["张三"]])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["客户"]
    assert read(tmp_path / "a.xlsx")[0].sheets == ["客户"]
