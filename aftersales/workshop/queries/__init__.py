"""Every read of the workshop: `orders`, `quotations`, `waiting`, the `work` of the home pages, `visits`, `counts`, old repairs (`history`)."""

from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries.checking import find_failed_check
from aftersales.workshop.queries.counts import (
    CategoryCount,
    count_by_category,
    count_promises,
    count_received_by_day,
)
from aftersales.workshop.queries.history import (
    get_past_repair,
    list_past_categories,
    list_past_repairs,
)
from aftersales.workshop.queries.house import house_rules
from aftersales.workshop.queries.merging import bearing_of
from aftersales.workshop.queries.orders import (
    BoardColumn,
    OrderFilter,
    Row,
    as_listed,
    board,
    get_order,
    in_house,
    journal_of,
    list_orders,
    open_actions,
    orders_named,
    orders_of,
    row,
    still_here,
    today_at,
)
from aftersales.workshop.queries.papers import last_act, list_checks, list_payments, paper_facts
from aftersales.workshop.queries.quotations import (
    list_consents,
    list_declined_lines,
    list_declined_lines_of_unit,
    list_lines,
    list_quotations,
)
from aftersales.workshop.queries.visits import (
    customers_with_open_orders,
    find_order_in_house,
    list_orders_of_customer,
    list_orders_of_unit,
    panels_of,
    timeline_of,
)
from aftersales.workshop.queries.waiting import find_open_wait, list_contacts, list_promises, list_waits
from aftersales.workshop.queries.wall import (
    find_wall_link,
    hash_of as wall_hash,
    list_wall_cards,
    station_of_wall,
    wall_of,
)
from aftersales.workshop.queries.work import (
    MyWork,
    list_my_orders,
    list_orders_in,
    list_promises_at_risk,
    list_unassigned,
    list_waiting,
    my_work,
)
from aftersales.workshop.rules.order import IN_HOUSE, OrderState

__all__ = [
    "IN_HOUSE",
    "BoardColumn",
    "CategoryCount",
    "MyWork",
    "OrderFilter",
    "OrderState",
    "Permission",
    "Row",
    "as_listed",
    "bearing_of",
    "board",
    "count_by_category",
    "count_promises",
    "count_received_by_day",
    "customers_with_open_orders",
    "find_failed_check",
    "find_open_wait",
    "find_order_in_house",
    "find_wall_link",
    "get_order",
    "get_past_repair",
    "house_rules",
    "in_house",
    "journal_of",
    "last_act",
    "list_checks",
    "list_consents",
    "list_contacts",
    "list_declined_lines",
    "list_declined_lines_of_unit",
    "list_lines",
    "list_my_orders",
    "list_orders",
    "list_orders_in",
    "list_orders_of_customer",
    "list_orders_of_unit",
    "list_past_categories",
    "list_past_repairs",
    "list_payments",
    "list_promises",
    "list_promises_at_risk",
    "list_quotations",
    "list_unassigned",
    "list_waiting",
    "list_waits",
    "list_wall_cards",
    "my_work",
    "open_actions",
    "orders_named",
    "orders_of",
    "panels_of",
    "paper_facts",
    "row",
    "station_of_wall",
    "still_here",
    "timeline_of",
    "today_at",
    "wall_hash",
    "wall_of",
]
