"""Contracts and agreements: who, what, when, until when, for how much."""

import re
from collections.abc import Iterator

from scanning.fields import amounts, dates, readers, totals
from scanning.fields.finding import Form, Found
from scanning.fields.licences import lone_dates, only_code
from scanning.fields.paper import Span
from scanning.fields.wanted import Kind, Wanted

ROLES = (
    "甲方", "乙方", "丙方", "卖方", "买方", "供方", "需方", "出卖人", "买受人", "出租方", "承租方",
    "出租人", "承租人", "委托方", "受托方", "委托人", "受托人", "发包方", "承包方", "发包人",
    "承包人", "托运方", "承运方", "托运人", "承运人", "转让方", "受让方", "债权人", "债务人",
    "借款人", "贷款人", "出借人", "采购方", "供应商", "供应方", "供货方", "购货方", "需货方",
    "销售方", "定作方", "承揽方", "定作人", "承揽人", "保管人", "存货人", "保证人", "服务方",
    "发标方", "担保人", "抵押人", "抵押权人", "采购人", "中标人", "买受方", "出让方", "用人单位",
    "许可方", "被许可方", "The Seller", "The Buyer", "The Sellers",
    "The Buyers", "The Supplier", "The Purchaser", "Sellers", "Buyers", "Seller", "Buyer",
    "Supplier", "Purchaser", "Party A", "Party B", "Lessor", "Lessee", "The Client",
    "The Contractor",
)  # fmt: skip
NUMBER_LABELS = (
    "合同编号", "合同号码", "合同号", "协议编号", "协议号", "合同协议号", "合约编号", "订单编号",
    "订单号", "Contract No", "Contract Number", "Agreement No", "S/C No", "Order No", "PO No",
)  # fmt: skip
TERM_WORDS = (
    "(?:有效期限?|合同期限?|协议期限?|租赁期限?|租期|服务期限?|履行期限?|合作期限?|委托期限?|承包期限?|期限"
    "|期间|valid|term|period)"
)
# Of these, others than the contract's own have a term too: 保密期限, 付款期限.
OTHER_TERM = re.compile("保密|质保|保修|保证|付款|支付|交货|质量|验收|免租|宽限|异议")
OWN_TERM = re.compile("有效期|合同期|协议期|租赁期|租期|服务期|合作期|承包期|委托期|履行期", re.I)
TERM = re.compile(
    rf"{TERM_WORDS}[^。;；]{{0,24}}?(?:自|从|:|为|from|,|、)?\s*(?P<dates>[^。;；]{{10,60}})",
    re.IGNORECASE,
)
BETWEEN = re.compile(
    r"\bbetween\b[\s:]+(?P<who>.{10,1000}?)"
    r"(?:witnesseth|whereas|now,? therefore|the parties (?:here)?(?:agree|by)"
    r"|\n\s*(?:1|article 1)\b|$)",
    re.I | re.S,
)
CALLED = re.compile(r"\([^()]{0,40}[\"“](?:the )?([A-Z][A-Za-z ]{2,30})[\"”]\)")
ENGLISH_FIRM = re.compile(
    r"[A-Z][A-Za-z&.'-]*(?:\s+(?:[A-Z&][A-Za-z&.'-]*|of|and(?=\s[A-Z][a-z]+ (?:Co|Ltd))))*?"
    r"\s*(?:Co\.,?\s*Ltd\.?|Ltd\.?|Limited|LLC|Inc\.?|Corp\.?|GmbH|Corporation|PLC|S\.A\.)"
)
MADE_ON = re.compile(
    r"(?:made|entered into|dated|signed|executed)[^.\n]{0,40}?\b(?:on|as of)\b|dated", re.I
)
ENDS_ON = re.compile(
    r"(?:continue|remain|valid|effect|force)[^.;]{0,30}?\b(?:until|through|to)\s+"
    r"(?:and including\s+)?"
    r"|(?:expir|terminat|end)\w*\s+on\s+",
    re.I,
)
BEGINS_ON = re.compile(r"(?:commenc\w+|effective|takes? effect|valid)\s+(?:on|from|as of)\s*", re.I)


def _between(form: Form) -> Iterator[Found]:
    """By and between X Ltd., a company …, and Y Co., Ltd."""
    flow = form.paper.flow
    for said in BETWEEN.finditer(flow.text):
        text = said["who"].replace("\n", " ")
        firms = list(ENGLISH_FIRM.finditer(text))[:2]
        for match, end in zip(
            firms, [*(one.start() for one in firms[1:]), len(text)], strict=False
        ):
            start = said.start("who") + match.start()
            span = flow.span(start, said.start("who") + match.end())
            called = CALLED.search(text, match.end(), end)
            yield Found.at(span, match[0], 0.7, role=called[1] if called else "")
        return


def _terms(form: Form) -> Iterator[tuple[list[tuple[str, Span]], str, float]]:
    """Every term of running text: its dates with their places, the text, how sure it is ours."""
    flow = form.paper.flow
    for match in TERM.finditer(flow.text):
        offset = match.start("dates")
        found = dates.dates_in(match["dates"])
        before = flow.text[max(0, match.start() - 6) : match.start("dates")]
        if not OTHER_TERM.search(before):
            sure = 0.95 if OWN_TERM.search(before) else 0.8
            yield [(v, flow.span(offset + s, offset + e)) for v, s, e in found], match[0], sure


def _beginnings(form: Form) -> Iterator[Found]:
    for found, text, sure in _terms(form):
        if len(found) == 2 and re.search("[至到止]|to|until|-", text):
            yield Found.at(found[0][1], found[0][0], sure)
    yield from _after(form, BEGINS_ON, 0.8)


def _ends(form: Form) -> Iterator[Found]:
    for found, text, sure in _terms(form):
        if len(found) == 2 and re.search("[至到止]|to|until|-", text):
            yield Found.at(found[1][1], found[1][0], sure)
        elif len(found) == 1 and re.search("[至到]|until", text):
            yield Found.at(found[0][1], found[0][0], 0.8)
    yield from _after(form, ENDS_ON, 0.8)


def _made_on(form: Form) -> Iterator[Found]:
    yield from _after(form, MADE_ON, 0.9)
    for one in lone_dates(form):
        yield Found(**{**vars(one), "sure": 0.7})


def _after(form: Form, words: re.Pattern[str], sure: float) -> Iterator[Found]:
    flow = form.paper.flow
    for match in words.finditer(flow.text):
        for value, start, end in dates.dates_in(flow.text[match.end() : match.end() + 30])[:1]:
            if start <= 3:
                span = flow.span(match.end() + start, match.end() + end)
                yield Found.at(span, value, sure)


def currency(form: Form) -> Iterator[Found]:
    """The currencies that are named, the commonest surest; capitals alone are Chinese money."""
    flow = form.paper.flow
    named = amounts.currencies_in(flow.text)
    codes = [code for code, _, _ in named]
    for code in dict.fromkeys(codes):
        share = codes.count(code) / len(codes)
        start, end = next((s, e) for c, s, e in named if c == code)
        yield Found.at(flow.span(start, end), code, 0.5 + 0.5 * share)
    if not named:
        for _, start, end in amounts.capitals_in(flow.text)[:1]:
            yield Found.at(flow.span(start, end), "CNY", 0.8)


TOTAL_LABELS = (
    "合同总价款", "合同总价", "合同总金额", "合同金额", "合同价款", "合同价格", "合同总额",
    "总金额", "总价款", "总价", "总计金额", "合计金额", "金额合计", "合计人民币", "合计人民币金额",
    "价税合计", "含税总金额", "含税总价", "含税合计", "Gross Total", "借款金额", "借款总额",
    "租金总额", "价款总额", "服务费总额", "费用总额", "共计人民币", "合计(大写)", "总计(大写)",
    "人民币(大写)", "金额(大写)", "Total Amount", "Contract Value", "Contract Price",
    "Total Contract Value", "Total Value", "Total Price",
)  # fmt: skip


def _subject(form: Form) -> Iterator[Found]:
    for match in re.finditer(
        r"(?m)^[^\S\n]*(?P<what>[一-龥](?:[^\S\n]*[一-龥]){1,15}?)[^\S\n]*(?:合\s*同|协\s*议)\s*书?[^\S\n]*$",
        form.paper.flow.text,
    ):
        what = re.sub(r"\s", "", match["what"]).removesuffix("三方").removesuffix("双方")
        if what not in ("本", "中华人民共和国"):
            yield Found.at(form.paper.flow.span(*match.span("what")), what, 0.6)


CONTRACT = Kind(
    fields=(
        Wanted("parties", "name", ROLES, readers.name, more=_between),
        Wanted("contract_number", "number", NUMBER_LABELS, readers.number(), loose=("编号", "No")),
        Wanted("signed_on", "date", (
            "签订日期", "签约日期", "签订时间", "签约时间", "签署日期", "签署时间", "合同日期",
            "订立日期", "签订日", "下单日期", "订货日期", "订单日期", "Order Date", "Signing Date",
            "Date of Signing", "Contract Date",
        ), readers.date, loose=("日期", "Date", "时间"), more=_made_on),
        Wanted("valid_from", "date", (), None, more=_beginnings),
        Wanted("valid_to", "date", ("有效期至", "合同有效期至"), readers.date, more=_ends),
        Wanted("amount", "decimal", (), None, more=lambda form: (
            *totals.labelled(*TOTAL_LABELS)(form), *totals.in_capitals(form),
            *(Found(**{**vars(one), "sure": 0.7}) for one in totals.last_of_row()(form)),
        )),
        Wanted("currency", "choice", (), None, more=currency),
        Wanted("subject", "text", (
            "合同标的", "标的物", "项目名称", "工程名称", "合同名称",
        ), readers.line, more=_subject),
        Wanted("credit_code", "code", more=only_code),
    ),
    other_labels=(
        "采购员", "业务员", "经办人", "制单", "签订地点", "签约地点", "地址", "住所", "单位地址",
        "通讯地址", "电话", "联系电话", "传真",
        "联系人", "法定代表人", "授权代表", "委托代理人", "开户银行", "开户行", "账号", "帐号",
        "税号", "邮编", "签字", "单位名称", "邮政编码", "盖章", "签章", "备注", "产品名称",
        "规格型号", "单位", "数量", "单价", "金额", "Address", "Tel", "Fax", "Commodity",
        "Quantity", "Unit Price", "Amount", "Shipment", "Payment", "Place", "Attn", "E-mail",
        "Signed at", "有效期限", "合同期限", "租赁期限", "服务期限",
    ),
    is_ruled=False,
)  # fmt: skip
