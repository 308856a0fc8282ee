from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aftersales.core import clock, jobs
from aftersales.exchange.models import Import
from tests.factories.catalog import make_categories


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DATA_DIR = tmp_path
    (tmp_path / "sheets").mkdir()
    return tmp_path / "sheets"


def run_jobs() -> None:
    while jobs.run_next(clock.now(), worker_id="w1"):
        pass


def workbook(rows, path: Path | None = None) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def table_of(data: bytes):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]


class Sender:
    """Somebody who sends tables and presses the buttons of their pages."""

    def __init__(self, browser) -> None:
        self.browser = browser
        make_categories()

    def send(self, rows, code="customers", name="表.xlsx", **more):
        data = rows if isinstance(rows, bytes) else workbook(rows)
        return self.browser.post(
            reverse("exchange:send_table", args=[code]), {"file": SimpleUploadedFile(name, data)}, **more
        )

    def page(self, found=None):
        return self.browser.get(
            reverse("exchange:import", args=[(found or Import.objects.latest("id")).token])
        ).content.decode()

    def press(self, verb, found=None, **data):
        found = found or Import.objects.latest("id")
        return self.browser.post(reverse(f"exchange:{verb}", args=[found.token]), data)

    def check(self, *columns, **options):
        """Send the form of the columns as it was guessed, or with these columns, and let the worker check."""
        found = Import.objects.latest("id")
        page = self.browser.get(reverse("exchange:import", args=[found.token]))
        form = page.context["columns_form"]
        chosen = {name: columns[place] if columns else form[name].value() for place, name in enumerate(form.fields)}
        answer = self.press("check_import", found, **{"mode": "gaps", **chosen, **options})
        run_jobs()
        return answer

    def bring_in(self, rows, code="customers", **options):
        """Send, check and import; the import as it stands then."""
        answer = self.send(rows, code)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        answer = self.check(**options)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        found = Import.objects.latest("id")
        if found.may_start:
            self.press("start_import", found)
            run_jobs()
        found.refresh_from_db()
        return found


@pytest.fixture
def sender(client_as):
    from tests.factories.staff import make_person

    return Sender(client_as(make_person("小周", duty="data_clerk", now=clock.now())))
