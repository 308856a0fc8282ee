"""A paper as an answer."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.ui.papers import Paper, as_pdf


def pdf_response(paper: Paper, kind: str) -> HttpResponse:
    """The paper as PDF, shown in the browser and kept nowhere."""
    response = HttpResponse(as_pdf(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{paper.number}-{kind}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
