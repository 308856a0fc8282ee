"""Making orders and questions findable: by the search box, and as cases similar to a new fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aftersales.core import search
from aftersales.workshop.rules.similar import brand_marks, category_mark, model_marks, symptom_marks

if TYPE_CHECKING:
    from aftersales.workshop.models import ExpertQuestion, RepairOrder


def index_order(order: RepairOrder) -> None:
    """Make the order findable by its number, its unit, its customer's name, its fault and what was found and done."""
    unit, customer = order.unit, order.customer
    search.index(
        "order",
        order.number,
        title=f"{order.number} · {customer.name}",
        detail=" · ".join(part for part in (unit.label, order.fault[:120]) if part),
        names=(customer.name,),
        codes=tuple(code for code in (order.number, unit.serial, unit.plate) if code),
        texts=(order.fault, unit.label, order.diagnosis, order.work_done),
        scopes=(order.station.code,),
        marks=_marks(order),
    )


def index_question(question: ExpertQuestion) -> None:
    """Make the question findable by its number, its words and its answer."""
    order = question.order
    search.index(
        "question",
        question.number,
        title=f"{question.number} · {question.addressee}",
        detail=question.question[:300],
        codes=(question.number, order.number),
        texts=(question.question, question.answer, order.fault, order.unit.label),
        scopes=(order.station.code,),
        marks=_marks(order),
    )


def _marks(order: Any) -> tuple[str, ...]:
    model = order.unit.model
    names = (model.manufacturer.name, *model.manufacturer.other_names.split()) if model else ()
    return (
        category_mark(f"{order.trade}/{order.category.code}"),
        *brand_marks(*names),
        *model_marks(order.unit.model_text, *((model.name,) if model else ())),
        *symptom_marks(order.trade, order.symptoms),
    )
