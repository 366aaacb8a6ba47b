"""Rules: which fields each kind of paper has, after which labels they stand, how they read."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scanning.fields import values
from scanning.fields.finding import Answer, Found, Paper

Reader = Callable[[Answer], Found | None]

ORGANISATION = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|公司|集团|厂|店|铺|商行|经营部|事务所|合作社|中心|银行|局"
    r"|学院|大学|研究院|研究所|医院|委员会|工作室|酒店)(\([^()]{1,12}\))?$"
    r"|\b(ltd|limited|llc|inc|corp|corporation|gmbh|company|bhd|s\.?a\.?|plc|co)\.?$",
    re.IGNORECASE,
)
# A name ends where the next label, sentence or column begins.
NAME_END = re.compile(
    r"\s{2,}|[;:。]|,(?!\s*(?:ltd|limited|inc|llc))|\s*[一-龥]{2,6}:|\(以下|\(下称",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"[一-龥]{0,8}[(\[]\d{4}[)\]][一-龥]{0,6}\d+号?|[A-Za-z0-9(\[][A-Za-z0-9()\[\]/_.-]*[A-Za-z0-9)\]]"
)
CURRENCIES = {
    "CNY": "人民币|¥|RMB|CNY", "USD": "美元|USD|US\\s?DOLLAR|\\$", "EUR": "欧元|EUR|€",
    "HKD": "港元|港币|HKD", "JPY": "日元|JPY", "GBP": "英镑|GBP|£",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """The labels a field stands after, the surest first, and how its text reads."""

    labels: tuple[str, ...]
    read: Reader


def _date(answer: Answer) -> Found | None:
    for value, start, end in values.dates_in(answer.text)[:1]:
        # Further along the line it may be another label's date.
        sure = answer.sure * (1.0 if start <= 2 else 0.8) * (1.0 if len(value) == 10 else 0.9)
        return _found(answer, start, end, value, sure)
    return None


def _first_of_term(answer: Answer) -> Found | None:
    return _date(answer) if len(values.dates_in(answer.text)) == 2 else None


def _last_of_term(answer: Answer) -> Found | None:
    """Of a term, from … to …, its end."""
    dates = values.dates_in(answer.text)
    if not 1 <= len(dates) <= 2:
        return None
    value, start, end = dates[-1]
    return _found(answer, start, end, value, answer.sure * (1.0 if len(value) == 10 else 0.9))


def _number(answer: Answer) -> Found | None:
    match = NUMBER.search(answer.text)
    if match is None or match.start() > 2 or sum(map(str.isdigit, match[0])) < 3:
        return None
    return _found(answer, match.start(), match.end(), match[0], answer.sure)


def _name(answer: Answer) -> Found | None:
    """A company's or person's name; surer if it ends as companies do."""
    end = NAME_END.search(answer.text)
    text = answer.text[: end.start()] if end else answer.text
    name = text.strip(" _-")
    if not 2 <= len(name) <= 80 or not re.search("[一-龥A-Za-z]{2}", name) or _is_label(name):
        return None
    start = text.index(name)
    printed = answer.place.line.text[answer.start + start :][: len(name)]
    likely = 0.97 if ORGANISATION.search(name) else 0.9 if PERSON.fullmatch(name) else 0.6
    return _found(answer, start, start + len(name), printed, answer.sure * likely)


def _words(answer: Answer) -> Found | None:
    text = answer.text.strip()
    if len(text) < 2 or text.endswith(":") or _is_label(text):
        return None
    printed = answer.place.line.text[answer.start :].strip()
    return _found(answer, 0, len(answer.text), printed, answer.sure * 0.9)


def _is_label(text: str) -> bool:
    """Whether the neighbour of an empty label is only the next label."""
    bare = re.sub(r"\s|:$", "", text)
    return bare in OTHER_LABELS or any(bare in rule.labels for rule in LABELLED.values())


def _found(answer: Answer, start: int, end: int, value: str, sure: float) -> Found:
    where = answer.start
    return Found.at(answer.place, where + start, where + end, value, sure, answer.label)


PERSON = re.compile("[一-龥]{2,4}|[一-龥]{1,10}·[一-龥]{1,10}")
OTHER_LABELS = {"注册资本", "电话", "传真", "联系人", "联系电话", "签章", "盖章", "备注", "邮编"}
DATES_OF_SIGNING = (
    "签订日期", "签约日期", "签订时间", "签约时间", "签署日期", "合同日期", "日期", "Date",
)  # fmt: skip
TERMS = (
    "有效期限", "有效期", "本合同有效期", "本协议有效期", "合同有效期", "合同期限", "租赁期限",
    "租期", "服务期限", "履行期限", "期限",
)  # fmt: skip
ROLES = (
    "甲方", "乙方", "丙方", "卖方", "买方", "供方", "需方", "出卖人", "买受人", "出租方", "承租方",
    "出租人", "承租人", "委托方", "受托方", "委托人", "受托人", "发包方", "承包方", "发包人",
    "承包人", "托运方", "承运方", "转让方", "受让方", "债权人", "债务人", "借款人", "贷款人",
    "采购方", "供应商", "The Seller", "The Buyer", "Seller", "Buyer", "Party A", "Party B",
    "Lessor", "Lessee",
)  # fmt: skip

LABELLED: dict[str, Rule] = {
    "name": Rule(("企业名称", "单位名称", "经营者名称", "公司名称", "名称", "字号名称"), _name),
    "type": Rule(("主体类型", "公司类型", "类型", "组成形式"), _words),
    "legal_representative": Rule(
        ("法定代表人", "执行事务合伙人", "负责人", "投资人", "经营者", "法定代表人姓名"), _name
    ),
    "address": Rule(("住所", "主要经营场所", "经营场所", "营业场所", "注册地址", "地址"), _words),
    "founded_on": Rule(("成立日期", "注册日期", "成立时间"), _date),
    "registered_on": Rule(("发证日期", "登记日期", "核准日期", "发证机关", "登记机关"), _date),
    "parties": Rule(ROLES, _name),
    "contract_number": Rule(
        ("合同编号", "合同号", "协议编号", "合同协议号", "Contract No", "Contract Number", "编号"),
        _number,
    ),
    "signed_on": Rule(DATES_OF_SIGNING, _date),
    "valid_from": Rule(TERMS, _first_of_term),
    "valid_to": Rule(("有效期至", "营业期限", "经营期限", *TERMS), _last_of_term),
    "waybill_number": Rule(
        ("运单号码", "运单编号", "运单号", "托运单号", "单号", "Waybill No", "Consignment No"),
        _number,
    ),
    "shipped_on": Rule(("托运日期", "发货日期", "起运日期", "寄件日期", "日期", "Date"), _date),
    "shipper": Rule(("托运人", "发货人", "托运单位", "寄件人", "寄件单位", "Shipper"), _name),
    "consignee": Rule(("收货人", "收货单位", "收件人", "收件单位", "Consignee"), _name),
    "invoice_number": Rule(
        ("发票号码", "发票号", "Invoice No", "Invoice Number", "Invoice #"), _number
    ),
    "invoice_code": Rule(("发票代码",), _number),
    "issued_on": Rule(("开票日期", "Invoice Date", "Date", "日期"), _date),
    "buyer": Rule(
        ("购买方名称", "购货单位", "购买方", "Bill to", "Consignee", "Buyer", "名称"), _name
    ),
    "seller": Rule(("销售方名称", "销货单位", "销售方", "Shipper", "Seller"), _name),
}  # fmt: skip

CODE_LABELS = ("信用代码", "纳税人识别号")
AMOUNT_LABELS: dict[str, tuple[str, ...]] = {
    "capital": ("注册资本", "注册资金", "出资额", "资金数额"),
    "amount": (
        "价税合计", "合同总价", "合同总金额", "合同金额", "总金额", "总价款", "总价", "运费合计",
        "合计金额", "金额合计", "应付总额", "合计", "总计", "TOTAL AMOUNT", "GRAND TOTAL", "TOTAL",
    ),
}  # fmt: skip

RULES: dict[str, tuple[str, ...]] = {
    "licence": (
        "credit_code", "name", "type", "legal_representative", "capital", "founded_on",
        "valid_to", "registered_on", "address",
    ),
    "contract": (
        "contract_number", "signed_on", "valid_from", "valid_to", "amount", "currency",
        "credit_code",
    ),
    "waybill": ("waybill_number", "shipped_on", "shipper", "consignee", "amount"),
    "invoice": (
        "invoice_number", "invoice_code", "issued_on", "buyer", "seller", "amount", "currency",
    ),
    "other": ("credit_code", "contract_number", "signed_on"),
}  # fmt: skip

PARTIES_OF: dict[str, tuple[str, ...]] = {
    "licence": ("name",),
    "contract": ("parties",),
    "waybill": ("consignee", "shipper"),
    "invoice": ("buyer", "seller"),
    "other": ("parties", "consignee", "shipper"),
}


def find(name: str, paper: Paper) -> list[Found]:
    """All that the paper says for the field, the surest first."""
    if name == "credit_code":
        found = list(_credit_codes(paper))
    elif name == "currency":
        found = list(_currencies(paper))
    elif name in AMOUNT_LABELS:
        found = list(_amounts(paper, AMOUNT_LABELS[name]))
    else:
        rule = LABELLED[name]
        found = [one for answer in paper.answers(rule.labels) if (one := rule.read(answer))]
    # Sorting keeps the labels' order among equals.
    return sorted(found, key=lambda one: -one.confidence)


def organisations(paper: Paper) -> Iterator[Found]:
    """Whatever looks like a company's name and stands alone on its line, label or not."""
    for place in paper.places:
        name = place.plain.strip().removeprefix("For ")
        if 6 <= len(name) <= 60 and ORGANISATION.search(name) and ":" not in name:
            printed = place.line.text.strip().removeprefix("For ")
            yield Found.at(place, 0, len(place.plain), printed, 0.4)


def _credit_codes(paper: Paper) -> Iterator[Found]:
    """Codes that check; and, where the paper speaks of one, what looks like one.

    Some codes of the first years are valid though their check character is wrong.
    """
    spoken_of = any(label in place.plain for place in paper.places for label in CODE_LABELS)
    for place in paper.places:
        for code, checks, start, end in values.credit_codes_in(place.plain):
            if checks or (spoken_of and code[0] in "159AN"):
                yield Found.at(place, start, end, code, 0.99 if checks else 0.5)


def _amounts(paper: Paper, labels: Sequence[str]) -> Iterator[Found]:
    """Amounts in capitals, surer if the figures agree; then labelled figures."""
    figures = {value for place in paper.places for value, _, _ in values.figures_in(place.plain)}
    for answer in paper.answers(labels):
        for value, start, end in values.capitals_in(answer.text)[:1]:
            sure = 0.98 if value in figures else 0.85
            yield _found(answer, start, end, values.money(value), sure * answer.sure)
        # In a row of totals the amount stands last.
        for place in (answer.place, *paper.row_after(answer.place))[::-1]:
            after = answer.start if place is answer.place else 0
            for value, start, end in _plausible(place.plain[after:])[:1]:
                sure = 0.7 * answer.sure
                yield Found.at(place, after + start, after + end, values.money(value), sure)
    for place in paper.places:
        for value, start, end in values.capitals_in(place.plain):
            sure = 0.9 if value in figures else 0.6
            yield Found.at(place, start, end, values.money(value), sure)


def _plausible(text: str) -> list[tuple[Decimal, int, int]]:
    """Figures that may be an amount: not a year, a percentage or a number of pieces."""
    return [
        (value, start, end)
        for value, start, end in values.figures_in(text)
        if value > 0 and not re.match(r"\s*[%年月日号件个台套KkTt]", text[end:])
    ]


def _currencies(paper: Paper) -> Iterator[Found]:
    for place in paper.places:
        for code, pattern in CURRENCIES.items():
            for match in re.finditer(pattern, place.plain, re.IGNORECASE):
                yield Found.at(place, match.start(), match.end(), code, 0.8)
