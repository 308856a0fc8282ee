from __future__ import annotations

import re
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given, settings, strategies as some

from aftersales.policies.engine.dmn import feel, from_dmn, to_dmn
from aftersales.policies.engine.dmn.xml import read_xml
from aftersales.policies.engine.document import read_document, written
from aftersales.policies.engine.errors import CellError, PolicyError
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import SMALL
from tests.policies.made_up import FACTS, HEAD, policies

LIBRARY = files("aftersales.policies") / "library"
SHIPPED = sorted(file.name for file in LIBRARY.iterdir() if file.name.endswith(".policy.md"))


def came_back(text):
    return from_dmn(to_dmn(text).encode())


def refused(act, *given):
    with pytest.raises(PolicyError) as error:
        act(*given)
    return str(error.value)


def stripped(dmn):
    """The file as a tool leaves it that keeps nothing it does not know; sums over dates, which no policy reads, left out."""
    dmn = re.sub(r'<decision id="_fact_since".*?</decision>', "", dmn, flags=re.DOTALL)
    bare = re.sub(r"<as:(policy|cell)>.*?</as:\1>|<as:cell/>|<as:table [^>]*/>", "", dmn, flags=re.DOTALL)
    return re.sub(r"<extensionElements>\s*</extensionElements>", "", bare)


# There and back


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_comes_back_from_dmn_as_it_went(name):
    text = (LIBRARY / name).read_text(encoding="utf-8")
    assert came_back(text) == written(read_document(text))
    assert read_policy(came_back(text)).digest == read_policy(text).digest


def tried(act, *given):
    """What came of it, or why it was refused."""
    try:
        return act(*given), set()
    except (PolicyError, CellError) as error:
        return None, {each.key for each in getattr(error, "problems", [error])}


def exported(text):
    dmn, why = tried(to_dmn, text)
    assert why <= {"dmn_conflict", "dmn_not_proved", "over_upwards"}
    return dmn


@settings(max_examples=200, deadline=None)
@given(policies(), some.lists(FACTS, min_size=5, max_size=12))
def test_any_policy_comes_back_and_decides_alike_as_dmn(text, cases):
    dmn = exported(text)
    if dmn is None:
        return
    assert from_dmn(dmn.encode()) == written(read_document(text))
    judge = Judge(compile_decision(read_policy(text)))
    for facts in cases:
        verdict = judge.judge(facts)
        assert by_first(dmn, verdict.facts) == {
            "way": verdict.outcome["way"],
            "fee": next((each.rules[0].id for each in verdict.said if each.table.key == "fee" and each.rules), None),
            "notes": verdict.outcome["notes"],
        }


@settings(max_examples=100, deadline=None)
@given(policies(), some.lists(FACTS, min_size=5, max_size=12))
def test_a_policy_that_lost_what_is_ours_still_decides_alike(text, cases):
    dmn = exported(text)
    if dmn is None:
        return
    back, why = tried(from_dmn, stripped(dmn).encode())
    assert why <= {"dmn_twice"}  # a list that would lose a row
    if back is None:
        return
    policy = read_policy(back)
    before, after = Judge(compile_decision(read_policy(text))), Judge(compile_decision(policy))
    for facts in cases:
        if all(
            value is not None or policy.facts[name].may_be_unknown
            for name, value in facts.items()
            if name in policy.facts
        ):
            one, other = before.judge(facts), after.judge({name: facts[name] for name in facts if name in policy.facts})
            assert other.outcome["way"] == one.outcome["way"]
            assert other.outcome["notes"] == one.outcome["notes"]


# A reader of DMN of our own, as simple as can be: row by row, the first that holds


def holds(text, value):
    tests = feel.read_cell(text)
    return not tests.tests or any(fits(test, value) for test in tests.tests) is not tests.is_negated


def fits(test, value):
    if not test.is_range:
        return test.value == value and isinstance(test.value, bool) == isinstance(value, bool)
    if value is None:
        return False
    low, high = (getattr(bound, "toordinal", lambda bound=bound: bound)() for bound in (test.low, test.high))
    above = low is None or value > low or (test.has_low and value == low)
    return above and (high is None or value < high or (test.has_high and value == high))


def by_first(dmn, facts):
    """What the three tables of `policies` say: a value, the id of the row, a list."""
    found, known = {}, dict(facts)
    for decision in read_xml(dmn.encode()).all("decision"):
        table = decision.one("decisionTable")
        if table is None:
            continue
        names = [each.text_of("inputExpression", "text") for each in table.all("input")]
        rows = [
            rule
            for rule in table.all("rule")
            if all(
                holds(cell.text_of("text"), known[name])
                for cell, name in zip(rule.all("inputEntry"), names, strict=True)
            )
        ]
        said = [rule.one("outputEntry").text_of("text") for rule in rows]
        name = decision.get("name")
        if table.get("hitPolicy") == "COLLECT":
            found[name] = list(dict.fromkeys(feel.read_literal(text) for text in said))
        elif name == "fee":
            found[name] = rows[0].all("annotationEntry")[0].text_of("text") if rows else None
        else:
            default = table.one("output").text_of("defaultOutputEntry", "text") or "null"
            found[name] = known[name] = feel.read_literal(said[0] if said else default)
    return found


def test_rows_are_sorted_so_that_exceptions_come_first():
    table = next(each for each in read_xml(to_dmn(SMALL).encode()).all("decision") if each.get("name") == "doing")
    rules = table.one("decisionTable").all("rule")
    assert [rule.all("annotationEntry")[0].text_of("text") for rule in rules] == ["R2", "R3", "R1", "R4"]


def test_a_table_needs_what_its_conditions_and_sums_ask_for():
    decisions = {each.get("name"): each for each in read_xml(to_dmn(SMALL).encode()).all("decision")}
    needs = [each.get("href") for need in decisions["fee"].all("informationRequirement") for each in need.children]
    assert needs == ["#_table_1_1", "#_fact_price"]


# What was changed elsewhere


def test_a_cell_changed_elsewhere_is_changed_in_the_policy_and_the_rest_keeps_its_notation():
    dmn = to_dmn(SMALL).replace('<text>"cup", "lamp"</text>', '<text>"lamp"</text>', 1)
    assert from_dmn(dmn.encode()) == written(read_document(SMALL.replace("cup, lamp | true", "lamp | true")))


def test_a_changed_number_takes_the_place_of_a_parameter():
    back = from_dmn(to_dmn(SMALL).replace("<text>&lt;=7</text>", "<text>&lt;=8</text>").encode())
    assert "| R1 | P2 | <=8 |" in back
    assert "| R4 | P4 | >$week |" in back


def test_a_row_added_above_others_becomes_their_exception():
    dmn = to_dmn(SMALL)
    row = (
        "<rule><inputEntry><text>0</text></inputEntry><inputEntry><text>-</text></inputEntry>"
        '<inputEntry><text>-</text></inputEntry><outputEntry><text>"ask"</text></outputEntry>'
        "<annotationEntry><text></text></annotationEntry><annotationEntry><text>P1</text></annotationEntry></rule>"
    )
    back = from_dmn(dmn.replace("<rule>", row + "<rule>", 1).encode())
    assert "| doing.1 | P1 | 0 | - | - || ask | R2 | | |" in back
    judge = Judge(compile_decision(read_policy(back)))
    assert judge.judge({"days": 0, "kind": "cup", "torn": True, "price": 1}).outcome["doing"] == "ask"


def test_a_row_that_was_moved_against_its_level_is_told():
    dmn = to_dmn(SMALL)
    first, second, third, *_rest = re.findall(r"\n +<rule>.*?</rule>", dmn, flags=re.DOTALL)
    told = refused(from_dmn, dmn.replace(first + second + third, third + first + second).encode())
    assert "By the order of the rows R1 comes before R2, by level and over it is the other way" in told


def test_a_head_changed_elsewhere_is_told():
    dmn = to_dmn(SMALL).replace('"cup", "lamp", "book"', '"cup", "lamp", "hat"')
    assert "table “doing”: The head of the table" in refused(from_dmn, dmn.encode())


def test_a_table_that_went_missing_and_one_that_came_are_told():
    dmn = to_dmn(SMALL)
    gone = re.sub(r'<decision id="_table_1_2".*?</decision>', "", dmn, flags=re.DOTALL)
    assert "table “fee”: The table is missing" in refused(from_dmn, gone.encode())
    new = dmn.replace("<decisionService", '<decision name="new"><decisionTable/></decision><decisionService')
    assert "table “new”: The policy has no such table" in refused(from_dmn, new.encode())


# What no file of DMN can say


def test_a_table_that_contradicts_itself_is_not_written():
    torn = SMALL.replace("| R1 | P2 | <=$week", "| R1 | P4 | <=9")
    assert "table “doing”: The rules R1, R4 contradict each other" in refused(to_dmn, torn)


def test_a_list_in_which_one_row_silences_another_is_not_written():
    text = SMALL.replace("doing, fee\n", "doing, fees\n").replace("hit: layered -> fee", "hit: collect -> fee")
    text = text.replace("## fee what", "## fees what").replace(
        "| id | doing || fee | cite |", "| id | doing || fee | cite | over |"
    )
    text = text.replace("|---|---||---|---|\n| F1", "|---|---||---|---|---|\n| F1").replace(
        "price | 1 |", "price | 1 | |"
    )
    text = text.replace("| F2 | not(take) || 0 | 1 |", "| F2 | - || 0 | 1 | F1 |")
    assert "Rule F2 keeps F1 out of the list" in refused(to_dmn, text)


def test_months_as_an_outcome_are_not_written():
    text = HEAD.replace("gives: way, sum, notes", "gives: sum")
    text += "## fee f hit: layered -> sum\n| id || sum |\n|---||---|\n| F1 || months(day, day) |\n"
    assert "table “fee”, row F1, column “sum”: Months" in refused(to_dmn, text)


def test_a_sign_that_xml_cannot_hold_is_told():
    assert "U+0001" in refused(to_dmn, SMALL.replace("Goods come", "Goods \x01 come"))


# Strangers


def stranger(hit, rows, *, head="", kinds=("number", "string"), outputs='"yes", "no", "perhaps"'):
    lines = "".join(
        "<rule>" + "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in row[:-1])
        + f"<outputEntry><text>{row[-1]}</text></outputEntry></rule>"
        for row in rows
    )  # fmt: skip
    return (
        f"""<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="Loans" namespace="x">{head}
<inputData id="i1" name="Applicant Age"><variable name="Applicant Age" typeRef="{kinds[0]}"/></inputData>
<inputData id="i2" name="Risk"><variable name="Risk" typeRef="{kinds[1]}"/></inputData>
<decision id="d1" name="Grant it"><variable name="Grant it" typeRef="string"/>
<decisionTable hitPolicy="{hit}">
<input label="age"><inputExpression><text>Applicant Age</text></inputExpression></input>
<input label="risk"><inputExpression><text>Risk</text></inputExpression></input>
<output>{f"<outputValues><text>{outputs}</text></outputValues>" if outputs else ""}</output>
{lines}</decisionTable></decision></definitions>""".replace("<=", "&lt;=")
        .replace("<9", "&lt;9")
        .replace("<5", "&lt;5")
        .encode()
    )


def decided(raw, age, risk):
    return Judge(compile_decision(read_policy(from_dmn(raw)))).judge({"applicant_age": age, "risk": risk}).outcome


FIRST = [[">=18", '"low", "mid"', '"yes"'], ["[16..18)", '"low"', '"perhaps"'], ["-", "-", '"no"']]


@pytest.mark.parametrize(
    ("age", "risk", "said"),
    [(18, "low", "yes"), (17, "low", "perhaps"), (17, "mid", "no"), (30, "other", "no")],
)
def test_first_is_kept_by_exceptions(age, risk, said):
    assert decided(stranger("FIRST", FIRST), age, risk) == {"grant_it": said}


def test_exceptions_are_named_only_where_rows_meet_and_differ():
    policy = read_policy(from_dmn(stranger("FIRST", FIRST)))
    assert {rule.id: rule.over for rule in policy.decisions["loans"].tables[0].rules} == {
        "R1": ("R3",),
        "R2": ("R3",),
        "R3": (),
    }


def test_names_of_the_file_stand_in_the_labels():
    policy = read_policy(from_dmn(stranger("FIRST", FIRST)))
    assert policy.labels["applicant_age"]["zh-Hant"] == "Applicant Age"


def test_priority_becomes_levels():
    raw = stranger(
        "PRIORITY",
        [["-", "-", '"no"'], [">=18", "-", '"yes"'], ["-", '"low"', '"perhaps"']],
        outputs='"yes", "perhaps", "no"',
    )
    assert [decided(raw, 20, "low"), decided(raw, 9, "low"), decided(raw, 9, "other")] == [
        {"grant_it": "yes"},
        {"grant_it": "perhaps"},
        {"grant_it": "no"},
    ]


def test_unique_any_and_lists_are_kept_where_they_are_sound():
    apart = [[">=18", "-", '"yes"'], ["<18".replace("<", "&lt;"), "-", '"no"']]
    assert decided(stranger("UNIQUE", apart), 3, "other") == {"grant_it": "no"}
    both = [[">=18", "-", '"yes"'], ["-", '"low"', '"yes"']]
    assert decided(stranger("ANY", both), 20, "low") == {"grant_it": "yes"}
    listed = [["-", "-", '"perhaps"'], [">=18", "-", '"yes"']]
    for hit in ("COLLECT", "RULE ORDER"):
        assert decided(stranger(hit, listed), 20, "other") == {"grant_it": ["perhaps", "yes"]}


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (stranger("UNIQUE", FIRST), "row R1: The rows R1 and R3 hold together, which UNIQUE forbids"),
        (stranger("ANY", FIRST), "row R1: The rows R1 and R3 hold together and differ"),
        (stranger("OUTPUT ORDER", FIRST), "table “Grant it”: The hit policy “OUTPUT ORDER” cannot be held"),
        (stranger('COLLECT" aggregation="SUM', FIRST), "Rows that are aggregated (SUM)"),
        (stranger("COLLECT", [["-", "-", '"no"'], ["3", "-", '"no"']]), "R1 and R2 hold together and say the same"),
        (stranger("PRIORITY", FIRST, outputs=""), "PRIORITY needs the values"),
        (stranger("FIRST", [["&lt;= Limit", "-", '"no"']]), "row 1, column “applicant_age”: “<= Limit” cannot be held"),
        (stranger("FIRST", [["contains(?)", "-", '"no"']]), "“contains(?)” cannot be held"),
        (stranger("FIRST", [['"old"', "-", '"no"']]), 'row R1, column “applicant_age”: "old" does not suit the type'),
        (stranger("FIRST", [["-", '"a, b"', '"no"']]), "column “Risk”: “a, b” cannot be a value"),
        (stranger("FIRST", [["-", "-", "date and time(1)"]]), "row R1, column “grant_it”: “date and time(1)” cannot"),
        (stranger("FIRST", [["-", "-"]]), "row 1: This row has 2 cells, the head has 3"),
        (stranger("FIRST", FIRST, kinds=("time", "string")), "column “Applicant Age”: The type “time” cannot be held"),
        (stranger("FIRST", FIRST).replace(b"<text>Risk<", b"<text>Riskk<"), "“Riskk” is neither a declared input"),
        (
            stranger("FIRST", FIRST).replace(b"<text>Risk<", b"<text>Applicant Age<"),
            "Two columns ask for the same fact",
        ),
        (
            stranger("FIRST", FIRST, head='<decision name="D"><invocation/></decision>'),
            "“D” is decided by “invocation”",
        ),
        (stranger("FIRST", FIRST, head="<businessKnowledgeModel/>"), "“businessKnowledgeModel”"),
    ],
)
def test_what_cannot_be_held_is_told_by_table_row_and_column(raw, sentence):
    assert sentence in refused(from_dmn, raw)


def test_decisions_in_a_circle_are_told():
    need = '<informationRequirement><requiredDecision href="#d1"/></informationRequirement>'
    raw = stranger("FIRST", FIRST).replace(b"<decisionTable", need.encode() + b"<decisionTable")
    assert "“Grant it” requires itself" in refused(from_dmn, raw)


def test_one_decision_of_a_file_is_taken_without_the_rest():
    raw = stranger("FIRST", FIRST, head='<decision name="D"><invocation/></decision>')
    assert list(read_policy(from_dmn(raw, decision="Grant it")).decisions) == ["grant_it"]
    with pytest.raises(PolicyError, match="no decision “None such”"):
        from_dmn(raw, decision="None such")


def test_a_sum_over_inputs_becomes_a_derived_fact():
    head = (
        '<inputData name="Pay"><variable typeRef="number"/></inputData><decision id="d2" name="Yearly pay">'
        "<literalExpression><text>Pay * 12</text></literalExpression></decision>"
    )
    raw = stranger("FIRST", [[">=24", "-", '"yes"']], head=head).replace(b"<text>Applicant Age<", b"<text>Yearly pay<")
    need = b'<informationRequirement><requiredDecision href="#d2"/></informationRequirement><decisionTable'
    policy = read_policy(from_dmn(raw.replace(b"<decisionTable", need)))
    judge = Judge(compile_decision(policy))
    assert judge.judge({"pay": 2, "risk": "other"}).outcome == {"grant_it": "yes"}
    assert judge.judge({"pay": 1, "risk": "other"}).outcome == {"grant_it": None}


def test_a_sum_as_an_outcome_stays_a_sum():
    raw = stranger("FIRST", [[">=18", "-", "Applicant Age * 2 - 1"], ["-", "-", "0.5"]], outputs="")
    raw = raw.replace(b'name="Grant it" typeRef="string"', b'name="Grant it"')
    assert decided(raw, 20, "other") == {"grant_it": 39}
    assert decided(raw, 2, "other") == {"grant_it": Decimal("0.5")}


# Hostile files

HALVES = [["-", "-", f'"{at < 250}"'] for at in range(500)]
TYPES = "".join(f'<itemDefinition name="t{at}"><typeRef>t{at + 1}</typeRef></itemDefinition>' for at in range(1500))


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "A DMN file has no document type"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>', "A DMN file has no document type"),
        (b"<a>" * 100, "nested too deep"),
        (b"<a>" + b"<b/>" * 200_001 + b"</a>", "too many elements"),
        (b"x" * 5_000_001, "too large"),
        (b"", "cannot be read as XML"),
        (b"<a>&b;</a>", "cannot be read as XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "cannot be read as XML"),
        (b"<a/>", "no file of DMN"),
        (stranger("FIRST", FIRST).replace(b"20191111", b"20991111"), "no file of DMN"),
        (
            stranger("FIRST", FIRST).replace(b"<text>Risk<", b"<text>" + b"a." * 100_000 + b"<"),
            "neither a declared input",
        ),
        (stranger("FIRST", FIRST, kinds=("t0", "string"), head=TYPES), "The type “t21” cannot be held"),
        (stranger("FIRST", FIRST, head='<inputData name="x"/>' * 501), "too many of “inputData”: at most 500"),
        (stranger("FIRST", HALVES, outputs=""), "more than 50000 exceptions"),
    ],
)
def test_no_file_does_more_than_be_refused(raw, sentence):
    assert sentence in refused(from_dmn, raw)


def told_or_read(raw):
    try:
        from_dmn(raw)
    except PolicyError as error:
        for problem in error.problems:
            for language in ("zh-Hans", "zh-Hant", "en"):
                assert problem.text(language)
                problem.where(language)


PIECES = some.sampled_from(
    ["", '"', "-", "null", "<", "&lt;", "not(", ")", "[1..", "1", '"low"', "R1", "P1", "$week", "2.A1", "</rule>", "<rule>",
     "<input/>", "FIRST", "ANY", "COLLECT", "PRIORITY", "string", "number", "boolean", "date", "-1e9", "true", "𝒳", "\x0b", "i1",
     "@some", "hit: x -> y", "decision x gives: y", "doing", "main", "3 * price", 'date("2020-02-30")', "1..2", "9" * 30]
)  # fmt: skip
TEXTS = re.compile(r"(?<=<text>)[^<]*(?=</text>)|(?<=\")[^\"<>]*(?=\"/?>)")
WHOLE = [to_dmn(SMALL), stranger("FIRST", FIRST).decode(), stripped(to_dmn(SMALL))]


@settings(max_examples=400, deadline=None)
@given(
    some.sampled_from(range(len(WHOLE))),
    some.lists(some.tuples(some.integers(0, 10**6), PIECES), min_size=1, max_size=4),
)
def test_a_file_with_strange_words_in_it_is_refused_in_words_or_read(which, words):
    text = WHOLE[which]
    for at, piece in words:
        places = list(TEXTS.finditer(text))
        found = places[at % len(places)]
        text = text[: found.start()] + piece.replace("<", "&lt;").replace('"', "&quot;") + text[found.end() :]
    told_or_read(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=400, deadline=None)
@given(some.text(alphabet='"-<>=[]().,0123456789 notulretrfads@\\é', max_size=30))
def test_any_cell_is_read_or_refused(text):
    assert tried(feel.read_cell, text)[1] <= {"dmn_cell", "cell_too_long"}
