"""Letters of authority and copies of identity papers. A citizen's number is never shown whole."""

import re
from collections.abc import Iterator
from dataclasses import replace

from scanning.fields import dates, names, numbers, readers
from scanning.fields.contracts import TERM
from scanning.fields.finding import Answer, Form, Found, trimmed
from scanning.fields.licences import lone_dates
from scanning.fields.paper import Span
from scanning.fields.wanted import Kind, Wanted

AGENT = re.compile(
    r"(?:兹|现|特)?(?:授权|委托|委派|指定|指派|介绍|派)(?:我(?:单位|公司|司|方|校|厂)|本(?:单位|公司)|员工|职工|同志|委托)*"
    r"\s*(?P<name>[一-龥]{2,4}?)\s*(?:同志|先生|女士|\(|,|、|等|为|作为|前往|\s身份证)"
)
LETTER_HEAD = 8  # lines: the red head, the number, the title
LETTER_NUMBER = re.compile(
    r"(?:[第(]\s*)?(?P<number>[一-龥A-Z]{0,12}\s?[(\[]\s?(?:19|20)\d\d\s?[)\]]\s?第?\s?\d{1,5}\s?[号期])(?=\s|$)"
)
ROLE = re.compile(
    "(?P<agent>受托人|被授权人|被委托人|受委托人|代理人)|法定代表人|委托人|授权人|负责人"
)
ENTRUSTED = re.compile("(?:委托|授权)贵(?:公司|司|单位|方)")
SALUTATION = re.compile(r"\s*(?P<name>[一-龥()]{4,30}(?:公司|行|社|所|中心))\s*:\s*$")
AUTHORISED = re.compile(
    r"(?:authori[sz]e|appoint|empower|designate)s?\s+(?P<name>(?:(?:Mr|Ms|Mrs|Miss|Dr)\.?\s+)?"
    r"[A-Z][A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]*){0,4}"
    r"(?:\s+(?:Co\.,? ?Ltd\.?|Ltd\.?|Limited|LLC|Inc\.?|GmbH))?)",
    re.IGNORECASE,
)
FIRM_AS_AGENT = re.compile(r"(?:兹|现|特)(?:授权|委托)\s*(?P<name>[一-龥()]{4,30}?公司)")
PRONOUNS = re.compile(
    "上述|下列|以下|本人|受托|代理|他人|我方|贵|单位|公司|部门|书|事项|期限|权限|范围|人$"
)


def _agents(form: Form) -> Iterator[Found]:
    flow = form.paper.flow
    for match in AGENT.finditer(flow.text):
        if not PRONOUNS.search(match["name"]):
            yield Found.at(flow.span(*match.span("name")), match["name"], 0.85)
    for match in AUTHORISED.finditer(flow.text):
        if match["name"][:1].isupper():
            span = flow.span(*match.span("name"))
            yield Found.at(span, span.printed, 0.8)
    for match in FIRM_AS_AGENT.finditer(flow.text):
        if not PRONOUNS.search(match["name"].removesuffix("公司")):
            yield Found.at(flow.span(*match.span("name")), match["name"], 0.85)


def identity_numbers(form: Form) -> Iterator[Found]:
    """Citizens' numbers, masked."""
    for place in form.paper.places:
        for number, checks, start, end in numbers.identities_in(place.plain):
            proof, flaw = ("check digit", "") if checks else ("", "check digit")
            span = Span(place, start, end)
            sure = 1.0 if checks else 0.6
            yield Found.at(span, numbers.masked(number), sure, proof=proof, flaw=flaw)


def _agents_number(form: Form) -> Iterator[Found]:
    """The agent's number: of several, the one that stands after the agent's label or name."""
    flow = form.paper.flow
    found = list(identity_numbers(form))
    is_one = len({one.value for one in found}) == 1
    for one, (_, _, start, _) in zip(found, numbers.identities_in(flow.text), strict=False):
        before = list(ROLE.finditer(flow.text, 0, start))
        is_agents = bool(before) and before[-1]["agent"] is not None
        yield one if is_one else replace(one, sure=one.sure * (0.95 if is_agents else 0.5))


def _addressed(form: Form) -> Iterator[Found]:
    """The firm that the letter is written to, if it is the one that is given the power."""
    if not ENTRUSTED.search(form.paper.flow.text):
        return
    for place in form.paper.places[:LETTER_HEAD]:
        if match := SALUTATION.match(place.plain):
            span = Span(place, *match.span("name"))
            yield Found.at(span, span.printed, 0.9)


def letter_numbers(form: Form) -> Iterator[Found]:
    """江交运〔2023〕57号, alone below a red head."""
    for place in form.paper.places[:LETTER_HEAD]:
        if match := LETTER_NUMBER.match(place.plain.strip()):
            span = trimmed(Span(place, 0, len(place.plain))).part(*match.span("number"))
            yield Found.at(span, span.printed.replace(" ", ""), 0.92)


def letter_dates(form: Form) -> Iterator[Found]:
    """The day under a letter; else one at the right of its head, or the day of its printing."""
    for one in lone_dates(form):
        yield replace(one, sure=0.92)
    for place in form.paper.places:
        for value, start, end in dates.dates_in(place.plain)[:1]:
            at_head = place in form.paper.places[:LETTER_HEAD] and start == 0
            if len(value) == 10 and (at_head or place.plain[end:].strip() == "印发"):
                yield Found.at(Span(place, start, end), value, 0.7)


def _ends(form: Form) -> Iterator[Found]:
    flow = form.paper.flow
    for match in TERM.finditer(flow.text):
        found = dates.dates_in(match["dates"])
        if found and re.search("[至到止-]|to|until|through", match["dates"]):
            value, start, end = found[-1]
            offset = match.start("dates")
            yield Found.at(flow.span(offset + start, offset + end), value, 0.93)


def _signed(form: Form) -> Iterator[Found]:
    for one in lone_dates(form):
        yield replace(one, sure=0.85)
    for place in form.paper.places[-4:]:
        for value, start, end in dates.dates_in(place.plain)[:1]:
            if end >= len(place.plain.rstrip()) - 1 and len(value) == 10:
                yield Found.at(Span(place, start, end), value, 0.7)


def _masters(form: Form) -> Iterator[Found]:
    """Who signs last, if it is a firm."""
    for place in form.paper.places[-6:]:
        where = names.name_in(place.plain)
        is_all = where and not names.FOR.sub("", place.plain[: where[0]], count=1).strip()
        if where and is_all and names.is_organisation(place.plain[slice(*where)]):
            span = Span(place, *where)
            yield Found.at(span, span.printed, 0.6)


def _whole_name(answer: Answer) -> Found | None:
    found = readers.person(answer)
    return found if found and (names.PERSON.fullmatch(found.value) or found.sure > 0.5) else None


AUTHORITY = Kind(
    fields=(
        Wanted("principal", "name", (
            "委托单位", "委托人", "授权单位", "授权人", "委托方", "委托单位名称", "委托人名称",
            "单位名称", "公司名称", "授权单位名称", "投标人", "投标人名称", "申请人", "申请单位",
            "介绍单位", "Principal", "Grantor",
        ), readers.name, more=_masters),
        Wanted("agent", "name", (
            "受托人", "被授权人", "代理人", "受委托人", "被委托人", "受托人姓名", "代理人姓名",
            "被授权人姓名", "被委托人姓名", "委托代理人",
        ), _whole_name, loose=("姓名",), more=lambda form: (*_agents(form), *_addressed(form))),
        Wanted("identity_number", "code", more=_agents_number),
        Wanted("valid_to", "date", ("有效期至", "授权期限", "委托期限", "有效期限", "有效期"),
               readers.last_of_term, more=_ends),
        Wanted("signed_on", "date", (
            "签署日期", "授权日期", "委托日期", "签发日期", "签订日期",
        ), readers.date, loose=("日期",), more=_signed),
    ),
    other_labels=(
        "法定代表人", "身份证号码", "身份证号", "身份证", "职务", "性别", "电话", "联系电话",
        "地址", "住所", "签字", "盖章", "委托单位(盖章)", "委托事项", "授权范围", "代理权限",
        "统一社会信用代码", "年龄", "单位",
    ),
    is_ruled=False,
)  # fmt: skip

IDENTITY = Kind(
    fields=(
        Wanted("name", "name", ("姓名", "Name"), readers.person),
        Wanted("identity_number", "code", more=identity_numbers),
        Wanted("valid_from", "date", ("有效期限", "有效期"), readers.first_of_term),
        Wanted("valid_to", "date", ("有效期限", "有效期", "有效期至"), readers.last_of_term),
    ),
    other_labels=(
        "性别", "民族", "出生", "住址", "公民身份号码", "签发机关", "出生日期", "国籍", "证号",
        "准驾车型",
    ),
)  # fmt: skip
