"""Invoices, of the tax office and of commerce, and receipts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from scanning.fields import amounts, dates, names, readers, totals
from scanning.fields.contracts import currency
from scanning.fields.finding import Answer, Form, Found, whole
from scanning.fields.labels import NUMBER_SIGNS
from scanning.fields.licences import lone_dates
from scanning.fields.paper import Place, Span
from scanning.fields.wanted import Kind, Wanted

CODE = re.compile(r"(?<!\d)\d{10}(?:\d{2})?(?!\d)")
TAX_NUMBER = re.compile(r"(?<!\d)(?:\d{20}|\d{8})(?!\d)")
NUMERO = re.compile(r"(?:№|N[o0º°]\.?)\s*(\d{8})(?!\d)", re.IGNORECASE)
PAYING = re.compile(
    r"(?P<name>[一-龥()]{2,30}?(?:公司|厂|店|行|部|中心|局|院|会|社|站|队)|[一-龥]{2,4}?)(?:先生|女士|同志)?"
    r"(?=交|退|支付|付|缴|的|归还|还|人民币|现金|预付|转)"
)
TAX_LINE = re.compile(r"\s*(?:GST|VAT|Sales tax)\b(?!.*(?:No|Reg))", re.IGNORECASE)
TOP = 0.3  # of the page
# What a till prints before the sum, before parts of it, and before nothing but the sum.
TILL = re.compile(r"\s*(?:grand|nett?|amount)?\s*(?:total|due)", re.IGNORECASE)
PART = re.compile(r"qty|quantity|gst @|total gst|excl|tax|disc|item|saving|sub", re.IGNORECASE)
WHOLE = re.compile(
    r"\s*(?:grand|nett?|amount due|total amount|total sales? \(?incl)", re.IGNORECASE
)


def _upper(form: Form, share: float = TOP) -> list[Place]:
    pages = {page.number: page.height for page in form.paper.readings[:1]}
    return [p for p in form.paper.places if p.line.box[1] < share * pages.get(p.page, 0)]


def _is_of_the_tax_office(form: Form) -> bool:
    return re.search("价税合计|纳税人识别号|税务局监制", form.paper.flow.text) is not None


def _invoice_number(answer: Answer) -> Found | None:
    if re.search("[一-龥]", answer.label) and _is_of_the_tax_office(answer.form):
        return readers.number(TAX_NUMBER)(answer)
    return readers.number()(answer)


def _printed_numbers(form: Form) -> Iterator[Found]:
    """On the old form the number stands at the top behind №."""
    for place in _upper(form):
        for match in NUMERO.finditer(place.plain):
            yield Found.at(Span(place, *match.span(1)), match[1], 0.95)


def _printed_codes(form: Form) -> Iterator[Found]:
    """On the old form the code stands alone at the top, often twice."""
    if not _is_of_the_tax_office(form) or not list(_printed_numbers(form)):
        return
    for place in _upper(form, 0.15):
        match = CODE.fullmatch(place.plain.strip())
        if match:
            yield Found.at(whole(place), match[0], 0.9)


def _sides(form: Form) -> list[Found]:
    """The names of buyer and seller behind their two 名称: above and below, or left and right."""
    if not _is_of_the_tax_office(form):
        return []
    found = [
        one
        for answer in form.answers(("名称", "称"))
        if (one := readers.name(answer)) and one.sure > 0.5
    ]
    if len(found) != 2:
        return []
    first, second = found
    height = first.box[3] - first.box[1]
    side_by_side = abs(first.box[1] - second.box[1]) < height
    return sorted(found, key=lambda one: one.box[0] if side_by_side else one.box[1])


def _buyer(form: Form) -> Iterator[Found]:
    yield from _sides(form)[:1]


def _seller(form: Form) -> Iterator[Found]:
    yield from _sides(form)[1:]
    if not _is_of_the_tax_office(form):
        yield from letterhead(form)


def letterhead(form: Form, share: float = 0.15) -> Iterator[Found]:
    """A firm's name alone at the very top is who wrote the paper."""
    for place in _upper(form, share):
        is_alone = ":" not in place.plain and not (form.is_label(place) or form.is_labelled(place))
        if names.is_organisation(place.plain) and is_alone:
            span = whole(place)
            yield Found.at(span, span.printed, 0.75)
            return


def _sums(form: Form) -> Iterator[Found]:
    if _is_of_the_tax_office(form):
        yield from totals.labelled("价税合计")(form)
        yield from totals.labelled("小写")(form)
    else:
        labels = (
            "Total Amount",
            "Grand Total",
            "Invoice Total",
            "Amount Due",
            "合计金额",
            "总金额",
        )
        yield from totals.labelled(*labels)(form)
        yield from totals.last_of_row("Total", "TOTAL")(form)
    yield from totals.in_capitals(form, 0.85)


def _taxes(form: Form) -> Iterator[Found]:
    """In a row of totals, what makes the sum together with its neighbour."""
    wholes = {Decimal(one.value) for one in _sums(form)}
    for place in totals.total_rows(form, ("合", "金额合计")):
        row = [
            (value, Span(other, start, end))
            for other in [place, *form.paper.row_after(place)]
            for value, start, end in amounts.figures_in(other.plain)
        ]
        for (net, _), (tax, span) in pairwise(row):
            if 0 < tax < net and net + tax in wholes:
                yield Found.at(span, amounts.money(tax), 0.98, proof="sum")
        if row and 0 < row[-1][0] < max(wholes, default=Decimal(0)) / 4 and len(row) >= 2:
            yield Found.at(row[-1][1], amounts.money(row[-1][0]), 0.7)


def _taxes_alone(form: Form) -> Iterator[Found]:
    """GST 7%   350.00 on a line of its own, under the sums that it is added to."""
    for place in form.paper.places:
        if TAX_LINE.match(place.plain):
            row = [place, *form.paper.row_after(place)]
            yield from (one for other in row[::-1] for one in list(_sums_at(other))[-1:])


INVOICE = Kind(
    fields=(
        Wanted("invoice_number", "number", (
            "发票号码", "发票号", "Invoice No", "Invoice Number", "Invoice #", "发票编号",
            "Inv. No", "PI No", "P/I No", "Proforma Invoice No", "票号",
        ), _invoice_number, more=_printed_numbers),
        Wanted("invoice_code", "number", ("发票代码",), readers.number(CODE), more=_printed_codes),
        Wanted("issued_on", "date", (
            "开票日期", "填开日期", "Invoice Date", "Date of Invoice", "Issue Date",
            "Date of Issue",
        ), readers.date, loose=("Date", "日期")),
        Wanted("seller", "name", (
            "承运人及纳税人识别号",
            "销售方名称", "销货单位名称", "销货单位", "销售方", "销方名称", "收款单位", "Seller",
            "The Seller", "Sellers", "Exporter", "Beneficiary", "Shipper", "Supplier",
            "Shipper/Exporter", "卖方", "销方",
        ), readers.name, more=_seller),
        Wanted("buyer", "name", (
            "实际受票方及纳税人识别号",
            "购买方名称", "购货单位名称", "购货单位", "购买方", "购方名称", "付款单位", "Buyer",
            "The Buyer", "Buyers", "Bill to", "Sold to", "Consignee", "Messrs", "To Messrs",
            "Importer", "Customer", "Invoice to", "买方", "购方", "For account and risk of Messrs",
        ), readers.name, loose=("To", "客户"), more=_buyer),
        Wanted("amount", "decimal", more=_sums),
        Wanted("tax", "decimal", ("增值税税额", "税额合计", "合计税额"), readers.amount,
               more=lambda form: (*_taxes(form), *_taxes_alone(form))),
        Wanted("currency", "choice", more=currency),
    ),
    other_labels=(
        "收货人及纳税人识别号", "发货人及纳税人识别号",
        "名称", "称", "纳税人识别号", "统一社会信用代码/纳税人识别号", "地址、电话", "开户行及账号",
        "开户行及帐号", "机器编号", "校验码", "密码区", "货物或应税劳务名称",
        "货物或应税劳务、服务名称", "项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率",
        "税额", "税率/征收率", "合计", "价税合计", "小写", "备注", "收款人", "复核", "开票人",
        "销货单位(章)", "销售方(章)", "L/C No", "Port of Loading", "Vessel/Voyage", "Vessel",
        "S/C No", "Contract No", "Item", "Description", "HS Code", "Qty", "Quantity", "Unit",
        "Unit Price", "Amount", "Marks", "Description of Goods", "Total", "From", "Payment Terms",
        "Terms of Payment", "Country of Origin", "Port of Discharge", "Destination", "Tel", "Fax",
        "Address", "SWIFT", "开户银行", "账号", "P/O No", "Order No", "Notify Party", "Notify",
    ),
)  # fmt: skip


def _receipt_sums(form: Form) -> Iterator[Found]:
    labels = (
        "人民币(大写)",
        "金额(大写)",
        "人民币",
        "大写",
        "小写",
        "合计",
        "金额",
        "收款金额",
        "合计金额",
    )
    # A receipt is for a deposit as well as for anything else.
    yield from totals.labelled(*labels, of_anything=True)(form)
    yield from totals.in_capitals(form, 0.85, of_anything=True)
    for place in form.paper.places:
        if TILL.match(place.plain) and not PART.search(place.plain):
            row = [place, *form.paper.row_after(place)]
            sums = [one for other in row for one in _sums_at(other)][-1:]
            yield from (
                replace(one, sure=0.75 if WHOLE.match(place.plain) else 0.6) for one in sums
            )


def _sums_at(place: Place) -> Iterator[Found]:
    for value, start, end in amounts.figures_in(place.plain):
        if "." in place.plain[start:end]:
            yield Found.at(Span(place, start, end), amounts.money(value), 0.6)


def _payer(answer: Answer) -> Found | None:
    """Who paid, without what for, where the sentence runs on: 今收到某某公司交来 …"""
    if match := PAYING.match(answer.text):
        return Found.at(
            answer.span.part(*match.span("name")),
            answer.span.part(*match.span("name")).printed,
            answer.sure,
            role=answer.label,
        )
    return readers.name(answer)


def _top_dates(form: Form) -> Iterator[Found]:
    for place in form.paper.places:
        found = dates.dates_in(place.plain)
        if len(found) == 1 and len(found[0][0]) == 10:
            yield Found.at(Span(place, *found[0][1:]), found[0][0], 0.7)


RECEIPT = Kind(
    fields=(
        Wanted("receipt_number", "number", (
            "收据编号", "收据号", "收据号码", "票据号码", "凭证号", "电子回单号码", "回单编号",
            "回单号码", "回单号", "Receipt No", "Receipt Number",
            "Receipt #", "Bill No", "Invoice No", "Cash Bill", "Doc No",
            "Invoice #", "Receipt", *NUMBER_SIGNS,
        ), readers.number(digits=4), loose=("编号",)),
        Wanted("issued_on", "date", (
            "开票日期", "收款日期", "日期", "交款日期", "入账日期", "记账日期", "交易日期",
            "Receipt Date", "Date",
        ), readers.date, more=lambda form: (*lone_dates(form), *_top_dates(form))),
        Wanted("payer", "name", (
            "今收到", "兹收到", "收到", "交款单位", "付款单位", "交款人", "付款人", "付款方",
            "缴款单位", "缴款人", "Received from", "客户名称", "付款方名称",
        ), _payer),
        Wanted("payee", "name", (
            "收款单位", "收款方", "收款单位(盖章)", "收款方名称", "单位盖章", "收款单位(公章)",
        ), readers.name, loose=("收款人",), more=lambda form: letterhead(form, TOP)),
        Wanted("amount", "decimal", more=_receipt_sums),
        Wanted("currency", "choice", more=currency),
    ),
    other_labels=(
        "交来", "收款事由", "事由", "账号", "开户银行", "开户行", "用途", "摘要", "款项内容",
        "人民币(大写)", "金额(大写)", "小写",
        "经办人", "出纳", "会计", "复核", "备注", "收款方式", "Cashier", "Time", "Tel", "Fax",
        "Total", "Cash", "Change",
    ),
)  # fmt: skip
