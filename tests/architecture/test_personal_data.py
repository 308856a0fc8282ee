"""Every text that is kept of anybody says what becomes of it when its customer is erased."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from aftersales.workshop.services.erasing import TEXTS

DOCUMENT = Path(__file__).parents[2] / "docs" / "personal-data.md"
KINDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def texts_of(model: type[models.Model]) -> list[str]:
    return sorted(field.name for field in model._meta.concrete_fields if isinstance(field, KINDS))


def told() -> dict[str, tuple[list[str], list[str], str]]:
    """Table → what goes, what stays, and why, as the document says."""
    rows = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"[a-z_]+\.[A-Za-z]+", cells[0]) and len(cells) == 3:
            stays, _colon, why = cells[2].partition(": ")
            rows[cells[0]] = (re.findall(r"`(\w+)`", cells[1]), re.findall(r"`(\w+)`", stays), why)
    return rows


def ours() -> dict[str, type[models.Model]]:
    tables = [model for model in apps.get_models() if model.__module__.startswith("aftersales.") and texts_of(model)]
    return {model._meta.label: model for model in tables}


def test_every_text_of_every_table_is_named_with_what_becomes_of_it() -> None:
    said = {name: sorted([*goes, *stays]) for name, (goes, stays, _why) in told().items()}
    there = {name: texts_of(model) for name, model in ours().items()}
    assert said == there, "Say in docs/personal-data.md what becomes of it when its customer is erased."


def test_what_stays_says_why() -> None:
    assert [name for name, (_goes, stays, why) in told().items() if stays and not why] == []


def test_the_document_says_of_orders_what_the_service_does() -> None:
    for model, texts in TEXTS.items():
        goes, stays, _why = told()[model._meta.label]
        assert sorted(goes) == sorted([*texts.replaced, *texts.emptied, *texts.cleaned]), model
        assert sorted(stays) == sorted(texts.kept), model
