import pytest

from tools.code_map import CodeMap

FILES = {
    "workshop/events.py": 'class HandedOver:\n    """The customer has it."""\n',
    "workshop/services/order.py": (
        "def hand_over_order(actor):\n    '''The order, out.'''\n    _tell(actor)\n\n"
        "def _tell(actor):\n    events.publish(HandedOver(1))\n\n"
        "def close_order(actor):\n    pass\n"
    ),
    "workshop/web/views.py": (
        "def hand_over(request):\n    services.hand_over_order(1)\n    return render(request, 'workshop/order.html#progress')\n"
    ),
    "care/handlers.py": "@on(HandedOver)\ndef plan_follow_up(event):\n    services.plan(event)\n",
}


@pytest.fixture
def code(tmp_path):
    for name, content in FILES.items():
        file = tmp_path / "aftersales" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return CodeMap.read(tmp_path)


def test_an_act_is_found_by_its_word(code):
    (service,) = code.services_for("workshop", "hand_over")
    assert (service.name, service.sentence) == ("hand_over_order", "The order, out.")
    assert code.services_for("workshop", "hand") == [service]
    assert code.services_for("care", "hand_over") == []


def test_an_event_knows_its_publishers_and_its_handlers(code):
    (event,) = code.events
    assert [function.name for function in code.publishers(event)] == ["hand_over_order"]
    assert [function.name for function in code.handlers(event)] == ["plan_follow_up"]


def test_a_view_tells_what_it_asks_and_what_it_shows(code):
    view = code.find("aftersales/workshop/web/views.py", "hand_over")
    assert view.asks == ("hand_over_order",)
    assert view.templates == ("workshop/order.html#progress",)
