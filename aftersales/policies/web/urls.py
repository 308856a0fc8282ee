"""Where the pages of policies stand, below /policies/."""

from __future__ import annotations

from aftersales.policies.web.edit_urls import edit_pages

app_name = "policies"

urlpatterns = [
    *edit_pages,
]
