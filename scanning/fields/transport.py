"""Papers that go with goods: waybills, bills of lading, customs declarations."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from scanning.fields import dates, numbers, readers, totals
from scanning.fields.amounts import money
from scanning.fields.finding import Answer, Form, Found
from scanning.fields.labels import NUMBER_SIGNS
from scanning.fields.paper import Span
from scanning.fields.wanted import Kind, Wanted

VOYAGE = re.compile(r"(?:^|[\s/,]|\bV\.?)\s*(?:V\.\s*)?(?P<voyage>[A-Z]{0,3}\d{2,5}[A-Z]{0,2})\s*$")
EXPRESS = re.compile(
    r"(?<![A-Z0-9])(SF\d{12,13}|JD[0-9A-Z]{11,15}|Y[TK]\d{10,14}|JT\d{11,13}|ZTO?\d{10,13})(?!\d)"
)
SIDE = re.compile(r"\s*(?P<side>[收寄](?:件[人方]?|方)?|From|To)\s*(?::|(?=\s)|$)")
# A name before a telephone number, its middle perhaps in stars.
CALLED = re.compile(r"\s*(?P<name>[一-龥()]{2,30}|[A-Z][A-Za-z .]{2,40}?)\s+1?[\d*][\d* -]{6,}")
EXECUTED, EXECUTED_REACH = re.compile(r"\s*Executed on", re.IGNORECASE), 2.0
AIR = re.compile("air\\s*waybill|航空货?运单|空运单", re.IGNORECASE)
SHIPPERS = (
    "托运人", "托运单位", "托运方", "送货单位", "供货单位", "发货人", "发货单位", "发货方",
    "寄件单位", "寄件公司", "寄方", "Shipper", "Shipper's Name and Address", "Shipper/Exporter",
    "Consignor", "Sender", "交货单位",
)  # fmt: skip
CONSIGNEES = (
    "收货人", "收货单位", "收货方", "收件单位", "收件公司", "收方", "Consignee",
    "Consignee's Name and Address", "Receiver", "Consigned to order of", "Consigned to",
    "Consigned to the order of", "Consignee or order", "收货人或指示", "购货单位", "客户名称",
)  # fmt: skip
PIECES = (
    "件数", "总件数", "合计件数", "No. of Packages", "No. of Pieces", "Number of Packages",
    "No. of Pkgs", "Total Packages", "Pieces", "No. of Pieces RCP", "Packages", "Pkgs",
    "No. of Containers or Packages", "Quantity of Packages", "箱数", "件数(件)",
    "件数及包装", "件数和包装", "件数及包装种类", "件数和包装种类", "件数包装",
    "No. of Container or Packages", "Number and kind of packages", "No. and kind of packages",
    "Number of pieces", "总箱数", "Total Items", "Total Pieces", "Total Cartons", "Quantity",
)  # fmt: skip
WEIGHTS = (
    "总重量", "毛重", "重量", "计费重量", "实际重量", "总毛重", "货物重量", "Gross Weight",
    "Gross Weight (kgs)", "G.W.", "Total Gross Weight", "毛重(千克)", "重量(吨)", "重量(kg)",
    "重量(公斤)", "托运人确定重量(公斤)", "承运人确定重量(公斤)", "Gross Weight kg lb",
    "托运重量", "总重", "Gross Weight (kg)", "托运人确定重量", "承运人确定重量",
)  # fmt: skip
FREIGHT = ("运费合计", "总运费", "费用合计", "合计运费", "运费总额", "合计金额")
OTHERS = (
    "联系人", "电话", "联系电话", "手机", "地址", "装货地址", "卸货地址", "收货地址", "发货地址",
    "寄件地址", "收件地址", "提货地址", "车牌号码", "车牌号", "车号", "司机姓名", "司机", "驾驶员",
    "驾驶证号", "司机电话", "序号", "货物名称", "品名", "包装", "体积", "体积m3", "规格", "数量",
    "付款方式", "货物保价", "特别约定", "承运人", "承运单位", "承运方", "签字", "托运人签字",
    "承运人签字", "收货人签字", "收件人签字", "备注", "起运地", "到达地", "始发站", "到站", "起点",
    "终点", "保价金额", "声明价值", "代收货款", "结算方式", "寄件人", "收件人", "经办人", "制单人",
    "Issued by", "Airport of Departure", "签收人", "合计", "Airport of Destination",
    "Chargeable Weight", "Nature of Goods", "Rate Class", "Total", "Nature and Quantity of Goods",
    "Issuing Carrier's Agent", "Handling Information", "Flight", "Executed on",
    "Accounting Information", "Currency", "Signature", "Tel", "Measurement",
)  # fmt: skip


def _air_waybills(form: Form) -> Iterator[Found]:
    """On an air waybill the number stands in the corners without a label."""
    if not AIR.search(form.paper.flow.text):
        return
    for place in form.paper.places:
        for number, checks, start, end in numbers.air_waybills_in(place.plain):
            proof, flaw = ("check digit", "") if checks else ("", "check digit")
            sure = 0.9 if checks else 0.6
            yield Found.at(Span(place, start, end), number, sure, proof=proof, flaw=flaw)


def _express_numbers(form: Form) -> Iterator[Found]:
    for place in form.paper.places:
        for number, checks, start, end in numbers.postal_in(place.plain):
            if checks:
                yield Found.at(Span(place, start, end), number, 0.95, proof="check digit")
        for match in EXPRESS.finditer(place.plain.replace(" ", "")):
            yield Found.at(Span(place, 0, len(place.plain)), match[1], 0.9)


def _executed(form: Form) -> Iterator[Found]:
    """On an air waybill the day stands over its label, at the very bottom."""
    for place in form.paper.places:
        if EXECUTED.match(place.plain):
            for above in form.paper.over(place, EXECUTED_REACH):
                for value, start, end in dates.dates_in(above.plain)[:1]:
                    yield Found.at(Span(above, start, end), value, 0.9)


def _only_date(form: Form) -> Iterator[Found]:
    """The day that stands in the head of a form without a label, if the paper has no other."""
    found = [
        (place, one)
        for place in form.paper.places
        for one in dates.dates_in(place.plain)
        if len(one[0]) == len("2024-05-02")
    ]
    if len(found) == 1:
        place, (value, start, end) = found[0]
        yield Found.at(Span(place, start, end), value, 0.7)


def _senders(sides: tuple[str, ...]) -> Callable[[Form], Iterator[Found]]:
    """Who sends and who receives a parcel: the name before a telephone number, beside or below
    收 or 寄."""

    def find(form: Form) -> Iterator[Found]:
        for place in form.paper.places:
            side = SIDE.match(place.plain)
            if side is None or side["side"] not in sides:
                continue
            own = place.plain[side.end() :]
            beside, below = (
                form.paper.row_after(place),
                form.paper.under(place.line.box, place.page, 1.5),
            )
            for other in [place] if own.strip() else [*beside[:1], *below[:1]]:
                start = side.end() if other is place else 0
                if match := CALLED.match(other.plain, start):
                    span = Span(other, *match.span("name"))
                    yield Found.at(span, span.printed, 0.9)

    return find


def _waybill_number(answer: Answer) -> Found | None:
    if AIR.search(answer.form.paper.flow.text):
        return readers.checked(numbers.air_waybills_in)(answer)
    return readers.number(digits=5)(answer)


WAYBILL = Kind(
    fields=(
        Wanted("waybill_number", "number", (
            "运单号码", "运单编号", "运单号", "托运单号", "托运单编号", "货运单号", "快递单号",
            "发货单号", "送货单号", "提货单号", "Waybill No", "Waybill Number", "Consignment No",
            "AWB No", "Air Waybill No", "Consignment Note No", "运单", "货票号",
        ), _waybill_number, loose=("单号", "编号", *NUMBER_SIGNS),
            more=lambda form: (*_air_waybills(form), *_express_numbers(form))),
        Wanted("shipped_on", "date", (
            "托运日期", "发货日期", "起运日期", "寄件日期", "承运日期", "发运日期", "装货日期",
            "托运时间", "发货时间", "寄件时间", "送货日期", "送货时间", "出库日期", "启运日期",
            "开单日期", "缔结运输合同的日期", "填开日期",
            "Executed on", "Date of Shipment", "Shipping Date", "受理日期", "开票日期",
            "制单日期",
        ), readers.date, loose=("日期", "Date", "时间"),
            more=lambda form: (*_executed(form), *_only_date(form))),
        Wanted("shipper", "name", SHIPPERS, readers.name, loose=("寄件人",),
               more=_senders(("寄", "寄件", "寄方", "寄件方", "寄件人", "From"))),
        Wanted("consignee", "name", CONSIGNEES, readers.name, loose=("收件人",),
               more=_senders(("收", "收件", "收方", "收件方", "收件人", "To"))),
        Wanted("pieces", "decimal", PIECES, readers.pieces,
               more=totals.column("件数", "数量(件)", "箱数", "总件数")),
        Wanted("weight_kg", "decimal", WEIGHTS, readers.weight, more=totals.column("重量", "毛重")),
        Wanted("amount", "decimal", (
            "运费合计", "运费", "总运费", "合计运费", "费用合计", "运费总额", "运杂费合计",
            "Total Freight",
        ), readers.amount, more=lambda form: (
            *totals.labelled(*FREIGHT)(form),
            *totals.column("运费", write=money)(form), *totals.in_capitals(form),
        )),
    ),
    other_labels=OTHERS,
)  # fmt: skip


def _vessel(answer: Answer) -> Found | None:
    """The ship, without the voyage that may stand behind it."""
    found = readers.line(answer)
    if found is None or not re.search("[A-Za-z一-龥]{2}", found.value):
        return None
    if dates.dates_in(answer.text):  # Laden on board the vessel: 9 Aug 2022
        return None
    match = VOYAGE.search(found.value)
    ship = found.value[: match.start()] if match and match.start() else found.value
    ship = ship.strip(" /,V.-")
    return replace(found, value=ship) if len(ship) >= 3 else None


def _voyage(answer: Answer) -> Found | None:
    match = VOYAGE.search(answer.text)
    if match is None or dates.dates_in(answer.text):
        return None
    return Found.at(answer.span.part(*match.span("voyage")), match["voyage"], answer.sure)


def _port(answer: Answer) -> Found | None:
    found = readers.line(answer)
    return found if found and re.match("[A-Za-z一-龥]{2}", found.value) else None


def containers(form: Form) -> list[Found]:
    """Every container's number on the paper, once each."""
    found: dict[str, Found] = {}
    for place in form.paper.places:
        for number, checks, start, end in numbers.containers_in(place.plain):
            proof, flaw = ("check digit", "") if checks else ("", "check digit")
            one = Found.at(Span(place, start, end), number, 1.0, proof=proof, flaw=flaw)
            found.setdefault(number, one)
    return list(found.values())


def _notify(answer: Answer) -> Found | None:
    found = readers.name(answer)
    if found and re.match(r"same as|同收货人|the same", found.value, re.IGNORECASE):
        return replace(found, sure=answer.sure)
    return found


def _bill_number(answer: Answer) -> Found | None:
    found = readers.number(digits=4)(answer)
    return found and replace(found, value=numbers.bill_number(found.value))


SHIPS = ("Ocean Vessel", "Vessel", "Vessel Name")
VOYAGES = ("Voy. No.", "Voyage", "Voyage No.", "Voy.No.", "Voy", "航次", "航次号", "Voyage Number")
VESSELS = (
    *SHIPS, "船名", "船名航次", "船名/航次", "运输工具名称",
    *(f"{ship}{mark}{voyage}" for ship in SHIPS for mark in ("/", " & ", " and ", " ")
      for voyage in VOYAGES if voyage.isascii()),
)  # fmt: skip

BILL_OF_LADING = Kind(
    fields=(
        Wanted("bill_number", "number", (
            "B/L No.", "Bill of Lading No.", "B/L Number", "BL No.", "提单号", "提单编号",
            "提单号码", "Bill of Lading Number", "B/L No", "MB/L No.", "HB/L No.", "主提单号",
            "分提单号", "Sea Waybill No.", "Waybill No.", "运单号",
        ), _bill_number, loose=("No", "编号", "单号")),
        Wanted("shipper", "name", SHIPPERS, readers.name),
        Wanted("consignee", "name", CONSIGNEES, readers.name),
        Wanted("notify", "name", (
            "Notify Party", "Notify Parties", "Notify Address", "Notify", "通知人",
            "通知方", "通知地址", "被通知人", "Notify party's name",
        ), _notify),
        Wanted("vessel", "text", VESSELS, _vessel),
        Wanted("voyage", "number", VOYAGES, _voyage, loose=VESSELS),
        Wanted("port_of_loading", "text", (
            "Port of Loading", "装货港", "装运港", "起运港", "Port of loading", "启运港",
        ), _port),
        Wanted("port_of_discharge", "text", (
            "Port of Discharge", "卸货港", "目的港", "Port of Destination", "Port of discharge",
        ), _port),
        Wanted("containers", "containers"),
        Wanted("pieces", "decimal", PIECES, readers.pieces,
               more=totals.column("件数", "箱数", "PACKAGES", "PKGS", "NO.OFP", "QUANTITY")),
        Wanted("weight_kg", "decimal", WEIGHTS, readers.weight,
               more=totals.column("毛重", "GROSSWEIGHT", "G.W")),
    ),
    other_labels=(
        "Place of Receipt", "Place of Delivery", "Pre-carriage by", "Container No.", "Seal No.",
        "Container No. / Seal No.", "Marks & Nos.", "Marks and Numbers", "Description of Goods",
        "Measurement", "Freight & Charges", "Freight and Charges", "Place and date of issue",
        "Place of Issue", "Date of Issue", "Final Destination", "Shipped on Board", "Total",
        "No. of Original B(s)/L", "Number of Original", "Signed for the Carrier", "Carrier",
        "For delivery of goods please apply to", "Freight payable at", "交货地", "收货地",
        "集装箱号", "箱号", "封号", "唛头", "货名", "体积", "尺码", "运费", "签发地点", "签发日期",
        "承运人", "电话", "地址", "Kind of Packages", "Export References", "Booking No",
        "Forwarding Agent", "Not Negotiable", "Place and Date of Issue", "Marks & Nos",
        "Pre-carriage", "Also Notify", "Service Type", "Net Weight", "Date", "Tel", "Fax",
        "Ex. Rate", "Prepaid at",
    ),
)  # fmt: skip

CUSTOMS_DECLARATION = Kind(
    fields=(
        Wanted("declaration_number", "number", ("海关编号", "报关单号", "报关单编号"),
               readers.number(numbers.DECLARATION), loose=("预录入编号",)),
        Wanted("declarant", "name", ("申报单位", "申报单位名称", "代理报关单位"), readers.name,
               loose=("申报单位(签章)",)),
        Wanted("declared_on", "date", ("申报日期",), readers.date),
        Wanted("bill_number", "number", ("提运单号", "提单号", "提运单号码"), _bill_number),
        Wanted("contract_number", "number", ("合同协议号", "合同号"), readers.number()),
        Wanted("pieces", "decimal", ("件数",), readers.pieces),
        Wanted("gross_kg", "decimal", ("毛重(千克)", "毛重(公斤)", "毛重"), readers.weight),
        Wanted("net_kg", "decimal", ("净重(千克)", "净重(公斤)", "净重"), readers.weight),
    ),
    other_labels=(
        "预录入编号", "页码/页数", "境内发货人", "境内收货人", "境外收货人", "境外发货人",
        "出境关别", "进境关别", "出口日期", "进口日期", "运输方式", "运输工具名称及航次号",
        "运输工具名称及航次", "运输工具名称", "航次号", "生产销售单位", "消费使用单位", "监管方式",
        "征免性质", "许可证号", "备案号", "贸易国(地区)", "贸易国", "运抵国(地区)", "运抵国",
        "启运国(地区)", "启运国", "指运港", "经停港", "离境口岸", "入境口岸", "启运港",
        "货物存放地点", "包装种类", "成交方式", "运费", "保费", "杂费", "随附单证及编号",
        "随附单证", "项号", "标记唛码及备注", "商品编号", "商品名称及规格型号", "数量及单位",
        "单价/总价/币制", "单价/币制", "总价", "原产国(地区)", "原产国", "最终目的国(地区)",
        "境内货源地", "境内目的地", "征免", "特殊关系确认", "价格影响确认", "支付特许权使用费确认",
        "自报自缴", "报关人员", "报关人员证号", "电话", "海关批注及签章",
        "经营单位", "收货单位", "发货单位", "进口口岸", "出口口岸", "结汇方式", "批准文号",
        "集装箱号", "用途", "录入员", "录入单位", "币制", "收发货人",
    ),
)  # fmt: skip
