from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from hypothesis import given, strategies as st

from aftersales.config import logs

PHONE = "13812345678"


@pytest.fixture
def written(monkeypatch):
    """What is written to the log, set up as the product does it; the tests' own set-up is put back."""
    root = logging.getLogger()
    before = root.handlers, root.level, structlog.get_config()
    stream = io.StringIO()

    def start(kind):
        monkeypatch.setattr("sys.stderr", stream)
        logs.configure({"format": kind})
        structlog.configure(cache_logger_on_first_use=False)
        return stream.getvalue

    yield start
    root.handlers, root.level = before[0], before[1]
    structlog.configure(**before[2])


@pytest.mark.parametrize("kind", ["json", "text"])
@pytest.mark.parametrize(
    ("spelt", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+86138****5678"),
        ("8613812345678", "86138****5678"),
        ("+86 138-1234-5678", "+86 138****5678"),
        ("138 1234 5678", "138****5678"),
        ("025-86543210", "025-****3210"),
        ("0512-6543210", "0512-****3210"),
    ],
)
def test_a_telephone_number_is_masked_however_it_is_spelt(written, kind, spelt, shown):
    read = written(kind)
    structlog.get_logger("shop").info(f"called 电话{spelt}，", number=spelt)
    logging.getLogger("library").warning("Key (phone)=(%s) already exists", spelt)
    text = read()
    assert text.count(shown) == 3
    assert spelt not in text


def test_it_is_masked_however_deep_it_stands_and_also_as_a_number(written):
    read = written("json")
    structlog.get_logger("shop").info("sent", to=[{"phones": (PHONE, int(PHONE))}], person={"a": {"b": PHONE}})
    line = json.loads(read())
    assert line["to"] == [{"phones": ["138****5678", "138****5678"]}]
    assert line["person"] == {"a": {"b": "138****5678"}}


def test_it_is_masked_in_tracebacks(written):
    read = written("json")
    try:
        raise ValueError(f"no such customer: {PHONE}")
    except ValueError:
        structlog.get_logger("shop").exception("broken")
        logging.getLogger("library").exception("broken too")
    lines = [json.loads(line) for line in read().splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert "Traceback" in line["exception"]
        assert "138****5678" in line["exception"]
    assert PHONE not in read()


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(alphabet=st.characters(exclude_categories=["Nd"]), max_size=5),
)
def test_no_mobile_number_is_ever_left(number, around):
    event = logs.mask(None, "", {"event": around + number + around})
    assert number not in event["event"]
    assert event["event"].endswith(number[-4:] + around)


@pytest.mark.parametrize(
    "kept",
    ["RO-NJ-2026-000123", "2026-11-23T18:41:49.334377Z", "3fe1b0c0-0123-4567-8901-123456789012", "LSVAA4182E2123456", "PO-2026-12345678", "x025-86543210",
     "6901234567892", "12812345678", "¥1,234.50", "1381234567", "138123456789"],
)  # fmt: skip
def test_other_numbers_stay_as_they_are(kept):
    assert logs.mask(None, "", {"event": kept})["event"] == kept


def test_values_that_are_no_text_keep_their_type():
    event = logs.mask(None, "", {"n": 5, "ok": True, "share": 0.5, "none": None})
    assert event == {"n": 5, "ok": True, "share": 0.5, "none": None}


def test_a_line_carries_level_utc_time_and_request(written):
    read = written("json")
    with structlog.contextvars.bound_contextvars(request_id="abc", path="/orders/"):
        structlog.get_logger("shop").warning("slow", seconds=3)
    line = json.loads(read())
    assert line["level"] == "warning"
    assert line["timestamp"].endswith("Z")
    assert (line["request_id"], line["path"], line["seconds"]) == ("abc", "/orders/", 3)


@pytest.mark.parametrize("kind", ["json", "text"])
def test_what_a_visitor_sends_cannot_begin_a_line_of_its_own(written, kind):
    read = written(kind)
    with structlog.contextvars.bound_contextvars(path="/x\nerror forged=1"):
        structlog.get_logger("shop").info("seen")
    assert len(read().splitlines()) == 1


def test_chinese_is_written_readably(written):
    read = written("json")
    structlog.get_logger("shop").info("换屏")
    assert "换屏" in read()
