"""Where the pages of policies stand, below /policies/."""

from __future__ import annotations

from django.urls import path

from aftersales.policies.web.edit_urls import edit_pages
from aftersales.policies.web.views import cases, compare, decisions, policies, questions, versions

app_name = "policies"

urlpatterns = [
    *edit_pages,
    path("", policies.policies, name="policies"),
    path("adopt/", policies.adopt_shipped, name="adopt_shipped"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<str:number>/", decisions.decision, name="decision"),
    path("<slug:policy>/", policies.policy, name="policy"),
    path("<slug:policy>/questions/", questions.questions, name="questions"),
    path("<slug:policy>/questions/<str:ambiguity>/", questions.rule_question, name="rule_question"),
    path("<slug:policy>/try/", cases.try_case, name="try_case"),
    path("<slug:policy>/decide/", cases.decide, name="decide"),
    path("<slug:policy>/versions/", versions.versions, name="versions"),
    path("<slug:policy>/versions/begin/", versions.begin_draft, name="begin_draft"),
    path("<slug:policy>/versions/<int:number>/", versions.version, name="version"),
    path("<slug:policy>/versions/<int:number>/hand-in/", versions.hand_in, name="hand_in"),
    path("<slug:policy>/versions/<int:number>/approve/", versions.approve, name="approve"),
    path("<slug:policy>/versions/<int:number>/send-back/", versions.send_back, name="send_back"),
    path("<slug:policy>/versions/<int:number>/take-back/", versions.take_back, name="take_back"),
    path("<slug:policy>/versions/<int:number>/withdraw/", versions.withdraw, name="withdraw"),
    path("<slug:policy>/versions/<int:number>/compare/", compare.compare, name="compare"),
    path("<slug:policy>/versions/<int:number>/what-if/", compare.what_if, name="what_if"),
    path("<slug:policy>/versions/<int:number>/what-if/cases/", compare.moved_cases, name="moved_cases"),
    path("<slug:policy>/versions/<int:number>/coverage/", compare.coverage, name="coverage"),
]
