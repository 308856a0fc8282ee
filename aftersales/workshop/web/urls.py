from django.urls import path

from aftersales.workshop.rules.expert import QuestionAction
from aftersales.workshop.rules.order import OrderAction
from aftersales.workshop.web.views import (
    counts,
    expert,
    history,
    house,
    intake,
    items,
    orders,
    papers,
    quality,
    repeats,
    similar,
    unclaimed,
    wall,
    work,
)

app_name = "workshop"
urlpatterns = [
    path("", orders.orders, name="orders"),
    path("board/", orders.board, name="board"),
    path("mine/", work.my_work, name="my_work"),
    path("wall/", wall.wall, name="wall"),
    path("wall/renew_wall_link/", wall.renew_wall_link, name="renew_wall_link"),
    path("wall/withdraw_wall_link/", wall.withdraw_wall_link, name="withdraw_wall_link"),
    path("wall/<str:token>/", wall.wall_screen, name="wall_screen"),
    path("scan/", work.scan, name="scan"),
    path("receive/", intake.receive, name="receive"),
    path("receive/find/", intake.find_known, name="find_known"),
    path("receive/kind/", intake.show_kind, name="show_kind"),
    path("receive/known/", intake.show_known, name="show_known"),
    path("find_repeat/", repeats.find_repeat, name="find_repeat"),
    path("unclaimed/", unclaimed.unclaimed, name="unclaimed"),
    path("rules/", house.house_rules, name="house_rules"),
    path("rules/<str:code>/", house.edit_house_rules, name="edit_house_rules"),
    path("counts/", counts.work_by_category, name="work_by_category"),
    path("questions/", expert.questions, name="questions"),
    path("questions/<str:key>/", expert.question, name="question"),
    *(
        path(f"questions/<str:key>/{action.value}/", expert.ACT_VIEWS[action], name=action.value)
        for action in QuestionAction
    ),
    path("quality/", quality.quality, name="quality"),
    path("quality/orders/", quality.quality_orders, name="quality_orders"),
    path("counts/months/", counts.work_by_month, name="work_by_month"),
    path("history/", history.past_repairs, name="past_repairs"),
    path("history/<str:key>/", history.past_repair, name="past_repair"),
    path("<str:number>/", orders.order, name="order"),
    path("<str:number>/move/", orders.move, name="move"),
    path("<str:number>/bench/", work.bench, name="bench"),
    path("<str:number>/ask_to_fetch/", unclaimed.ask_to_fetch, name="ask_to_fetch"),
    path("<str:number>/edit/", intake.edit, name="edit"),
    path("<str:number>/sign/", intake.sign, name="sign"),
    path("<str:number>/photos/", intake.add_photos, name="add_photos"),
    path("<str:number>/similar/", similar.similar, name="similar"),
    path("<str:number>/ask_expert/", expert.ask_expert, name="ask_expert"),
    path("<str:number>/find_item/", items.find_item, name="find_item"),
    *(path(f"<str:number>/{kind.value}/", view, name=kind.value) for kind, view in papers.PAGE_VIEWS.items()),
    *(
        path(f"<str:number>/{kind.value}.pdf", view, name=f"{kind.value}_pdf")
        for kind, view in papers.PDF_VIEWS.items()
    ),
    *(path(f"<str:number>/{action.value}/", orders.ACT_VIEWS[action], name=action.value) for action in OrderAction),
]
