"""What a table of customers or units may hold, and under which headings the files of the trade have it."""

from __future__ import annotations

from aftersales.core.text import Text, text as _
from aftersales.customers.rules import kinds
from aftersales.exchange.rules.imports import TableField

KEEP, REPLACE = "gaps", "replace"
MODES: dict[str, Text] = {
    KEEP: _("Fill in only what is missing here; what is known stays"),
    REPLACE: _("Take over what the table says; its empty cells change nothing"),
}

NUMBER = TableField(
    "number",
    _("Customer number"),
    _("The number of a customer who is already here, such as from an export. Leave it empty for others."),
    "CU-NJ-2026-000123",
    ("客户编号", "客户号", "客户代码", "会员号", "customer no", "customer id"),
)
NAME = TableField(
    "name",
    _("Name"),
    _("The customer's name, or that of the company."),
    "张伟",
    (
        "姓名", "客户", "客户姓名", "客户名称", "客户名", "名称", "车主", "车主姓名", "机主", "用户", "用户姓名", "单位名称", "公司名称", "公司", "会员", "会员姓名",
        "customer", "customer name", "owner", "client", "full name",
    ),
    is_required=True,
)  # fmt: skip
PHONE = TableField(
    "phone",
    _("Telephone"),
    _("A mobile number of 11 digits, or a fixed line with its area code. By number and name a customer is known again."),
    "13800138000",
    (
        "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "移动电话", "客户电话", "车主电话", "行动电话", "手提电话", "mobile", "phone",
        "phone number", "tel", "cell",
    ),
)  # fmt: skip
PHONE_2 = TableField(
    "phone_2",
    _("Second telephone"),
    _("Another number under which the customer is reached."),
    "025-84220000",
    (
        "备用电话",
        "电话2",
        "手机2",
        "固定电话",
        "固话",
        "座机",
        "办公电话",
        "其他电话",
        "第二电话",
        "phone 2",
        "landline",
        "second phone",
    ),
)
KIND = TableField(
    "kind",
    _("Person or organisation"),
    _("Empty means a private person."),
    "",
    ("客户类型", "客户性质", "性质", "个人或单位", "customer type"),
    choices=tuple(kinds.KIND_LABELS.values()),
)
CONTACT_NAME = TableField(
    "contact_name",
    _("Contact person"),
    _("For organisations: whom to ask for."),
    "李经理",
    ("联系人", "联络人", "联系人姓名", "contact", "contact name"),
)
SEGMENT = TableField(
    "segment",
    _("Buys as"),
    _("Empty means a retail customer."),
    "",
    ("客户类别", "客户分类", "购买方式", "segment"),
    choices=tuple(kinds.SEGMENT_LABELS.values()),
)
GRADE = TableField(
    "grade",
    _("Grade"),
    _("Empty means ordinary."),
    "",
    ("客户等级", "客户级别", "等级", "级别", "会员等级", "grade"),
    choices=tuple(kinds.GRADE_LABELS.values()),
)
ADDRESS = TableField(
    "address",
    _("Address"),
    _("Where the customer can be visited or sent to, in one line."),
    "南京市鼓楼区中山路 1 号",
    ("地址", "联系地址", "详细地址", "客户地址", "通讯地址", "住址", "家庭住址", "单位地址", "address"),
)
CUSTOMER_NOTE = TableField(
    "note",
    _("Note"),
    _("Anything else, up to 2,000 characters."),
    "",
    ("备注", "说明", "客户备注", "remark", "remarks", "notes", "comment"),
)
CUSTOMER_FIELDS = (NAME, PHONE, PHONE_2, KIND, CONTACT_NAME, SEGMENT, GRADE, ADDRESS, CUSTOMER_NOTE, NUMBER)

TRADE = TableField(
    "trade",
    _("Trade"),
    _("Needed only where a category's name occurs in several trades."),
    "",
    ("行业", "业务类型", "trade", "business"),
)
CATEGORY = TableField(
    "category",
    _("Category"),
    _("What kind of unit it is. Empty means the category chosen for the whole table."),
    "",
    (
        "类别",
        "品类",
        "产品类别",
        "产品分类",
        "机型类别",
        "机器类别",
        "车辆类型",
        "车型类别",
        "设备类型",
        "种类",
        "category",
        "product category",
        "type",
    ),
)
BRAND = TableField(
    "brand",
    _("Brand"),
    _("Stands before the model; may also be written together with it."),
    "联想",
    ("品牌", "厂牌", "厂家", "生产厂家", "制造商", "品牌名称", "brand", "make", "manufacturer"),
)
MODEL = TableField(
    "model",
    _("Model"),
    _("As it stands in the catalog, or as people call it."),
    "小新 14",
    (
        "机型",
        "型号",
        "车型",
        "产品型号",
        "规格型号",
        "产品名称",
        "设备型号",
        "机器型号",
        "商品名称",
        "品名",
        "model",
        "model name",
        "product",
    ),
)
SERIAL = TableField(
    "serial",
    _("Serial number"),
    _("Serial number, IMEI, VIN, factory or lot number, as the category has it."),
    "",
    (
        "串号", "序列号", "出厂编号", "机身号", "机号", "机器编号", "产品序列号", "车架号", "车架号码", "车辆识别代号", "批号", "设备编号", "SN", "S/N", "SN码", "IMEI",
        "IMEI号", "VIN", "VIN码", "serial", "serial no", "serial number", "chassis number", "factory number",
    ),
)  # fmt: skip
PLATE = TableField(
    "plate",
    _("Plate"),
    _("For vehicles and tractors."),
    "苏A12345",
    (
        "车牌",
        "车牌号",
        "车牌号码",
        "号牌",
        "牌照",
        "牌照号",
        "plate",
        "plate number",
        "registration",
        "licence plate",
        "license plate",
    ),
)
METER = TableField(
    "meter",
    _("Meter"),
    _("Kilometres or hours as a whole number, without the unit."),
    "52000",
    (
        "里程",
        "行驶里程",
        "公里数",
        "里程数",
        "里程表",
        "作业小时",
        "工作小时",
        "小时数",
        "mileage",
        "odometer",
        "hours",
        "km",
    ),
)
PIECES = TableField(
    "pieces", _("Pieces"), _("For goods that are counted."), "12", ("数量", "件数", "台数", "pieces", "quantity", "qty")
)
PURCHASED_ON = TableField(
    "purchased_on",
    _("Bought on"),
    _("A day such as 2026-03-05."),
    "2026-03-05",
    (
        "购买日期",
        "购机日期",
        "购车日期",
        "销售日期",
        "购买时间",
        "购货日期",
        "开票日期",
        "purchase date",
        "date of purchase",
        "sold on",
    ),
)
SHIPPED_ON = TableField(
    "shipped_on",
    _("Shipped by the maker on"),
    _("A day such as 2026-03-05."),
    "2026-02-20",
    ("出厂日期", "发货日期", "生产日期", "出库日期", "shipping date", "shipped on", "production date"),
)
UNIT_NOTE = TableField(
    "unit_note",
    _("Note on the unit"),
    _("Anything else about the unit."),
    "",
    ("备注", "机器备注", "车辆备注", "说明", "remark", "remarks", "notes", "comment"),
)
UNIT_FIELDS = (
    NAME, PHONE, BRAND, MODEL, SERIAL, PLATE, TRADE, CATEGORY, METER, PIECES, PURCHASED_ON, SHIPPED_ON, UNIT_NOTE, PHONE_2, KIND, CONTACT_NAME,
    ADDRESS, NUMBER,
)  # fmt: skip
