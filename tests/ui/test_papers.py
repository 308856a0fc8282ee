"""A paper becomes a PDF whose words can be read back; what people wrote stays what they wrote."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings, strategies

from aftersales.ui.papers import (
    Check,
    Checks,
    Column,
    Drawing,
    Fact,
    Facts,
    Letterhead,
    Paper,
    PaperSize,
    Row,
    Signature,
    Signatures,
    Sum,
    Table,
    Words,
    as_pdf,
    fonts,
    qr_picture,
    strokes_picture,
)

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = '#import "x": * *_$ x^2 $ `raw` <script>alert(1)</script> @ref [a](b) \\n // /* */ #(1 + 1) ~ -- ='


def paper(size=PaperSize.A4, *, language="zh-hans", blocks=(), **more):
    return Paper(
        size=size,
        language=language,
        title="接修单",
        number="RO-NJ-2026-000123",
        head=Letterhead("南京鼓楼維修站", ("南京市鼓楼区中山北路 200 号",)),
        code=qr_picture("https://example.invalid/orders/RO-NJ-2026-000123/", "RO-NJ-2026-000123", width_mm=20),
        blocks=blocks,
        **more,
    )


def read(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def flat(pdf):
    return "".join("".join(read(pdf)).split())


@pytest.mark.parametrize("size", list(PaperSize))
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_size_holds_its_words_in_every_language(size, language):
    pdf = as_pdf(paper(size, language=language, lines=("华为 Mate X20",)))
    assert pdf.startswith(b"%PDF-")
    assert "南京鼓楼維修站" in flat(pdf)
    assert "RO-NJ-2026-000123" in flat(pdf)


def test_the_fonts_travel_inside_the_pdf():
    page = pypdf.PdfReader(io.BytesIO(as_pdf(paper()))).pages[0]
    found = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    files = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in found]
    assert files
    assert all("/FontFile2" in each or "/FontFile3" in each for each in files)
    assert any("NotoSansSC" in font["/BaseFont"] for font in found)


@pytest.mark.parametrize("size", [PaperSize.A4, PaperSize.ROLL])
def test_what_people_wrote_never_becomes_markup(size):
    blocks = (
        Facts((Fact(HOSTILE, HOSTILE, is_wide=True),), title=HOSTILE),
        Table((Column("x", is_main=True), Column("y")), (Row((HOSTILE, "1"), note=HOSTILE),), (Sum(HOSTILE, "1"),)),
        Checks((Check(HOSTILE, ((HOSTILE, True),)),)),
        Words(HOSTILE, title=HOSTILE),
        Signatures((Signature(HOSTILE, name=HOSTILE),)),
    )
    text = flat(as_pdf(paper(size, blocks=blocks)))
    assert text.count("".join(HOSTILE.split())) >= 10


@given(strategies.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_at_all_stops_a_paper_or_leaves_an_empty_box(text):
    # The PDF standard that is asked for refuses a character without a glyph, so that making it is the proof.
    assert as_pdf(paper(blocks=(Facts((Fact("x", text),)), Words(text, title=text)))).startswith(b"%PDF-")


def test_a_character_that_no_font_has_is_shown_as_missing():
    assert fonts.printable("坏了😀,換屏 Škoda 客户㐂龘") == "坏了〓,換屏 Škoda 客户㐂龘"


def test_invisible_controls_cannot_turn_words_around():
    assert fonts.printable("¥1\u202e00\u2066\u0000\u200b.00\r\nx\ty") == "¥100.00\nx y"


def test_a_missing_font_is_an_error_with_a_sentence_and_never_an_empty_box(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts.loaded_fonts, "__wrapped__", fonts.loaded_fonts.__wrapped__)
    with pytest.raises(fonts.FontMissing) as refused:
        fonts.loaded_fonts(tmp_path)
    assert refused.value.status == 503
    assert "Noto Sans SC" in str(refused.value)


def test_one_weight_is_not_enough(tmp_path):
    for file in fonts.FOLDER.glob("*400Regular.ttf"):
        (tmp_path / file.name).symlink_to(file)
    with pytest.raises(fonts.FontMissing):
        fonts.loaded_fonts(tmp_path)


def test_a_long_paper_goes_on_with_numbered_pages_and_repeated_heads():
    rows = tuple(Row((f"更换屏幕总成 {each}", "¥280.00")) for each in range(80))
    pages = read(as_pdf(paper(blocks=(Table((Column("项目名称", is_main=True), Column("金额")), rows),))))
    assert len(pages) > 1
    assert all("项目名称" in page for page in pages)
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    assert "更换屏幕总成 79" in pages[-1]


def test_a_roll_is_one_sheet_as_long_as_it_must_be():
    short, long = (
        pypdf.PdfReader(io.BytesIO(as_pdf(paper(PaperSize.ROLL, blocks=(Words("很长\n" * lines),))))).pages
        for lines in (1, 200)
    )
    assert (len(short), len(long)) == (1, 1)
    assert round(float(short[0].mediabox.width) * 25.4 / 72) == 80
    assert long[0].mediabox.height > short[0].mediabox.height * 3


def test_a_label_is_one_label_whatever_stands_on_it():
    pages = pypdf.PdfReader(io.BytesIO(as_pdf(paper(PaperSize.LABEL, lines=("很长的名字" * 40,) * 6)))).pages
    assert len(pages) == 1
    assert [round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]] == [60, 40]


def test_nothing_on_a_table_is_said():
    empty = Table((Column("项目", is_main=True), Column("金额")), (), empty="没有项目")
    for size in (PaperSize.A4, PaperSize.ROLL):
        assert "没有项目" in flat(as_pdf(paper(size, blocks=(empty,))))


def test_a_signature_is_drawn_inside_its_field():
    picture = strokes_picture([[(-50, 20), (999, 40)], [(10, 10)], []], "签字", width=300, height=100, width_mm=40)
    assert 'points="0.0,20.0 300.0,40.0"' in picture.svg
    assert picture.svg.count("<circle") == 1
    assert as_pdf(paper(blocks=(Signatures((Signature("客户签字", picture),)), Drawing(picture, ("1 划痕",)))))


def test_a_picture_as_an_address_holds_nothing_that_could_end_it():
    picture = strokes_picture([[(1, 1)]], "x", width=9, height=9, width_mm=9)
    assert not set('<>"#\n ') & set(picture.data_uri) - {" "}


def test_the_lock_of_the_packages_names_no_server_and_holds_what_proves_them():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: facts for name, facts in packages.items() if name}
    assert "node_modules/@expo-google-fonts/noto-sans-sc" in fetched
    assert [name for name, facts in fetched.items() if "resolved" in facts] == []
    assert [name for name, facts in fetched.items() if not facts["integrity"].startswith("sha512-")] == []
