import pytest

from tools import messages


@pytest.fixture
def app(tmp_path):
    (tmp_path / "aftersales" / "desk" / "templates").mkdir(parents=True)
    (tmp_path / "aftersales" / "desk" / "__init__.py").touch()
    return tmp_path / "aftersales" / "desk"


def write(app, python="", template=""):
    (app / "views.py").write_text(python, encoding="utf-8")
    (app / "templates" / "page.html").write_text(template, encoding="utf-8")


def found(app):
    return {key: source.plural for key, source in messages.sources_of(app, app.parents[1]).items()}


def translate(app, sentence, words, language="zh_Hans"):
    messages.extract([app], app.parents[1])
    path = messages.po_path(app, language)
    content = path.read_text(encoding="utf-8")
    assert f'msgid "{sentence}"\nmsgstr ""' in content
    path.write_text(
        content.replace(f'msgid "{sentence}"\nmsgstr ""', f'msgid "{sentence}"\nmsgstr "{words}"'), encoding="utf-8"
    )


def problems(app):
    return [line for line in messages.problems([app], app.parents[1]) if "zh_Hant" not in line]


PYTHON = [
    ('_("One")', {("", "One"): ""}),
    ('_(\n    "One "\n    "and two {name}",\n    name=1,\n)', {("", "One and two {name}"): ""}),
    ('text_n("{count} unit", "{count} units", n)', {("", "{count} unit"): "{count} units"}),
    ('ngettext_lazy("unit", "units", n)', {("", "unit"): "units"}),
    ('pgettext("paper", "Order")', {("paper", "Order"): ""}),
    ("_(name)", {}),
    ('_("")', {}),
]
TEMPLATES = [
    ("{% translate \"Save\" %} {% trans 'Print' as x %}", {("", "Save"): "", ("", "Print"): ""}),
    ('{% translate "Order" context "paper" %}', {("paper", "Order"): ""}),
    ('{{ name|default:_("nobody") }}', {("", "nobody"): ""}),
    ("{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}", {("", "Two lines"): ""}),
    (
        "{% blocktranslate count n=n %}{{ n }} unit{% plural %}{{ n }} units{% endblocktranslate %}",
        {("", "%(n)s unit"): "%(n)s units"},
    ),
    ('<c-card title="{% translate "Card" %}" :note="_(\'A note\')" />', {("", "Card"): "", ("", "A note"): ""}),
]


@pytest.mark.parametrize(("python", "expected"), PYTHON)
def test_it_finds_the_sentences_of_python(app, python, expected):
    write(app, python=python)
    assert found(app) == expected


@pytest.mark.parametrize(("template", "expected"), TEMPLATES)
def test_it_finds_the_sentences_of_templates(app, template, expected):
    write(app, template=template)
    assert found(app) == expected


def test_extracting_keeps_translations_and_removes_what_is_gone(app):
    write(app, python='_("Stays"); _("Goes")')
    translate(app, "Stays", "留下")
    write(app, python='_("Stays"); _("Comes")')
    messages.extract([app], app.parents[1])
    content = messages.po_path(app, "zh_Hans").read_text(encoding="utf-8")
    assert 'msgid "Stays"\nmsgstr "留下"' in content
    assert 'msgid "Comes"\nmsgstr ""' in content
    assert "Goes" not in content


def test_extracting_twice_changes_nothing(app):
    write(app, python='_("B"); _("A {x}"); text_n("one", "many", 2)', template="{% translate 'C' context 'x' %}")
    messages.extract([app], app.parents[1])
    first = messages.po_path(app, "zh_Hant").read_bytes()
    messages.extract([app], app.parents[1])
    assert messages.po_path(app, "zh_Hant").read_bytes() == first
    assert b"Date" not in first


def test_extracting_changes_nothing_while_a_file_cannot_be_read(app):
    write(app, python='_("Stays")')
    translate(app, "Stays", "留下")
    before = messages.po_path(app, "zh_Hans").read_bytes()
    write(app, python='_("Half')
    with pytest.raises(messages.BrokenFileError):
        messages.extract([app], app.parents[1])
    assert messages.po_path(app, "zh_Hans").read_bytes() == before


def test_complete_translations_are_no_problem(app):
    write(app, python='_("Hello {name}")')
    translate(app, "Hello {name}", "您好，{name}")
    assert problems(app) == []


@pytest.mark.parametrize(
    ("sentence", "words", "fault"),
    [
        ("Save", "", "not translated"),
        ("Hello {name}", "您好", "placeholders differ"),
        ("Hello", "您好 {name}", "placeholders differ"),
        ("%(n)s units", "%(m)s 台", "placeholders differ"),
        ("Repair order", "維修单", "does not belong"),
    ],
)
def test_it_names_what_is_wrong(app, sentence, words, fault):
    write(app, python=f'_("{sentence}")')
    translate(app, sentence, words)
    (line,) = problems(app)
    assert fault in line
    assert sentence in line


def test_it_names_what_is_marked_fuzzy(app):
    write(app, python='_("Save")')
    translate(app, "Save", "保存")
    path = messages.po_path(app, "zh_Hans")
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgid "Save"', '#, fuzzy\nmsgid "Save"'), encoding="utf-8"
    )
    assert any("fuzzy" in line for line in problems(app))


def test_it_names_a_catalog_that_is_behind_the_code(app):
    write(app, python='_("Save")')
    translate(app, "Save", "保存")
    write(app, python='_("Save"); _("Print")')
    assert any("not up to the code" in line for line in problems(app))


def test_it_names_a_sentence_translated_differently_in_two_apps(app):
    other = app.with_name("shop")
    (other / "templates").mkdir(parents=True)
    for room, words in ((app, "保存"), (other, "存储")):
        write(room, python='_("Save")')
        translate(room, "Save", words)
    lines = messages.problems([app, other], app.parents[1])
    assert any("differently" in line and "保存" in line and "存储" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "language", "wrong"),
    [
        ("维修单", "zh_Hans", ""),
        ("維修單", "zh_Hant", ""),
        ("维修單", "zh_Hans", "單"),
        ("維修单", "zh_Hant", "单"),
        ("公里、干擾、準備、一台、只有", "zh_Hant", ""),
        ("以后", "zh_Hant", "后"),
    ],
)
def test_it_tells_the_two_ways_of_writing_apart(words, language, wrong):
    assert messages.wrong_script(words, language) == wrong


def test_a_compiled_catalog_speaks_chinese(app):
    import gettext

    write(app, python='_("Save"); text_n("{count} unit", "{count} units", 2)')
    translate(app, "Save", "保存")
    path = messages.po_path(app, "zh_Hans")
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgstr[0] ""', 'msgstr[0] "{count} 台"'), encoding="utf-8"
    )
    assert messages.compile_all(app.parent) == 2
    with path.with_suffix(".mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    assert catalog.gettext("Save") == "保存"
    assert catalog.ngettext("{count} unit", "{count} units", 5) == "{count} 台"
    assert messages.compile_all(app.parent) == 0
