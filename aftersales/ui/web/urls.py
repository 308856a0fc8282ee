"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from aftersales.ui.web import views

app_name = "ui"

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("list/", views.sample_list, name="sample_list"),
    path("record/", views.sample_record, name="sample_record"),
    path("form/", views.sample_form, name="sample_form"),
    path("board/", views.sample_board, name="sample_board"),
    path("signed-out/", views.sample_plain, name="sample_plain"),
    path("paper/<slug:paper>/", views.sample_paper, name="sample_paper"),
    path("paper/<slug:paper>.pdf", views.sample_pdf, name="sample_pdf"),
]
