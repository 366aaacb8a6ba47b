"""Licences: business licences of every print, and the permits that look like them."""

import re
from collections.abc import Iterator

from scanning.fields import amounts, dates, numbers, readers
from scanning.fields.finding import Answer, Form, Found, whole
from scanning.fields.paper import Span
from scanning.fields.wanted import Kind, Wanted

OFFICE = re.compile("^.*(?:局|委员会|厅|处|所|办公室|海关|中心|政府|大厅)")
REGISTRAR = re.compile(
    r"(市场监督管理局|市场监管局|行政审批(?:服务)?局|工商行政管理局|监督管理局|管理局|运输局|审批局|税务局|公安局"
    r"|管理委员会|委员会|海关|厅)"
)
FIRM = re.compile("^[一-龥()]+(?:公司|合作社|厂|经营部|商行)$")
CODE_LABELS = ("统一社会信用代码", "社会信用代码", "信用代码", "纳税人识别号")
LABELS_OF_REGISTRAR = ("登记机关", "发证机关", "发证单位", "核发机关", "颁发机关", "签发机关")


def credit_codes(form: Form) -> Iterator[Found]:
    """Codes that check; and, where the paper speaks of one, what looks like one.

    Some codes of the first years are valid though their check character is wrong.
    """
    places = form.paper.places
    spoken_of = any(label in place.plain for place in places for label in CODE_LABELS)
    for place in places:
        for code, checks, start, end in numbers.credit_codes_in(place.plain):
            if checks or (spoken_of and code[0] in "159AN"):
                proof, flaw = ("check digit", "") if checks else ("", "check digit")
                sure = 1.0 if checks else 0.5
                yield Found.at(Span(place, start, end), code, sure, proof=proof, flaw=flaw)


def only_code(form: Form) -> Iterator[Found]:
    """A code that checks, if it is the only one: of two, one may be our own."""
    found = [one for one in credit_codes(form) if one.proof]
    if len({one.value for one in found}) == 1:
        yield found[0]


def _capital(answer: Answer) -> Found | None:
    for value, start, end in (*amounts.capitals_in(answer.text), *amounts.sums_in(answer.text)):
        return Found.at(answer.span.part(start, end), amounts.money(value), answer.sure)
    return None


def _registrar(answer: Answer) -> Found | None:
    match = OFFICE.match(answer.text)
    if match is None:
        return None
    # A seal over the name leaves letters behind it.
    sure = answer.sure * (1.0 if match.end() == len(answer.text) else 0.8)
    span = answer.span.part(0, match.end())
    return Found.at(span, span.printed, sure)


def _registrars(form: Form) -> Iterator[Found]:
    """An office's name alone on a line of the lower half."""
    for place in form.paper.places:
        span = whole(place)
        is_low = form.paper.is_low(place)
        match = None if re.search("[:,。]", span.text) else REGISTRAR.search(span.text)
        if is_low and match and 5 <= len(span.text) <= 24 and not form.labels.begins(span.text):
            office = span.part(0, match.end())
            yield Found.at(office, office.printed, 0.8)


def _firms(form: Form) -> Iterator[Found]:
    """On a certificate the holder's name stands alone in the middle."""
    for place in form.paper.places:
        span = whole(place)
        is_firm = FIRM.search(span.text) and len(span.text) >= 8
        if is_firm and not form.labels.begins(place.plain) and not form.is_labelled(place):
            yield Found.at(span, span.printed, 0.6)


def lone_dates(form: Form) -> Iterator[Found]:
    """Dates that stand alone on a line of the lower half, as over a seal."""
    for place in form.paper.places:
        for value, start, end in dates.dates_in(place.plain)[:1]:
            alone = end - start >= len(place.plain.strip()) - 1
            if (
                alone
                and form.paper.is_low(place)
                and len(value) == 10
                and not form.is_labelled(place)
            ):
                yield Found.at(Span(place, start, end), value, 0.9)


LICENCE = Kind(
    fields=(
        Wanted("name", "name", (
            "企业名称", "单位名称", "经营者名称", "公司名称", "商号名称", "名称", "字号名称",
            "业户名称", "持证单位", "生产者名称", "主体名称",
        ), readers.name, more=_firms),
        Wanted("credit_code", "code", CODE_LABELS, None, more=credit_codes),
        Wanted("type", "text", (
            "主体类型", "公司类型", "企业类型", "市场主体类型", "类型",
        ), readers.line, loose=("组成形式", "经济性质")),
        Wanted("legal_representative", "name", (
            "法定代表人姓名", "法定代表人(负责人)", "法定代表人/负责人", "法定代表人", "法人代表",
            "执行事务合伙人", "负责人", "投资人", "经营者姓名", "经营者",
        ), readers.person),
        Wanted("capital", "decimal", (
            "注册资本", "注册资金", "出资额", "资金数额", "出资总额",
        ), _capital),
        Wanted("founded_on", "date", ("成立日期", "注册日期", "成立时间"), readers.date),
        Wanted("registered_on", "date", (
            "发证日期", "核发日期", "登记日期", "核准日期", "颁发日期", "签发日期", "发照日期",
        ), readers.date, loose=LABELS_OF_REGISTRAR, more=lone_dates),
        Wanted("valid_to", "date", (
            "有效期至", "有效期限至", "有效期限", "有效期", "营业期限", "经营期限", "合伙期限",
            "证书有效期",
        ), readers.last_of_term),
        Wanted("address", "text", (
            "住所", "住所(地址)", "主要经营场所", "经营场所", "营业场所", "注册地址", "企业住所",
            "单位地址", "生产地址",
        ), readers.words, loose=("地址", "地址(邮编)")),
        Wanted("scope", "text", ("经营范围", "经营项目", "许可范围", "许可经营范围"),
               readers.words, loose=("许可项目",)),
        Wanted("registrar", "name", LABELS_OF_REGISTRAR, _registrar, more=_registrars),
    ),
    other_labels=(
        "编号", "注册号", "许可证编号", "证照编号", "证书编号", "主体业态", "日常监督管理机构",
        "日常监督管理人员", "投诉举报电话", "电话", "实收资本", "邮编", "副本", "正本", "登记机关",
        "国家企业信用信息公示系统网址", "质量管理体系符合", "体系适用范围", "主任签发", "签发人",
    ),
)  # fmt: skip
