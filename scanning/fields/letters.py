"""Letters of authority and copies of identity papers. A citizen's number is never shown whole."""

import re
from collections.abc import Iterator
from dataclasses import replace

from scanning.fields import dates, names, numbers, readers
from scanning.fields.contracts import TERM
from scanning.fields.finding import Answer, Form, Found
from scanning.fields.licences import lone_dates
from scanning.fields.paper import Span
from scanning.fields.wanted import Kind, Wanted

AGENT = re.compile(
    r"(?:兹|现|特)?(?:授权|委托|委派|指定)(?:我(?:单位|公司|司)|本(?:单位|公司)|员工|职工|同志|委托)*"
    r"\s*(?P<name>[一-龥]{2,4}?)\s*(?:同志|先生|女士|\(|,|为|作为|\s身份证)"
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


def _ends(form: Form) -> Iterator[Found]:
    flow = form.paper.flow
    for match in TERM.finditer(flow.text):
        found = dates.dates_in(match["dates"])
        if found and re.search("[至到止-]", match["dates"]):
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
        if where and names.is_organisation(place.plain[slice(*where)]) and where[0] == 0:
            span = Span(place, *where)
            yield Found.at(span, span.printed, 0.6)


def _whole_name(answer: Answer) -> Found | None:
    found = readers.person(answer)
    return found if found and (names.PERSON.fullmatch(found.value) or found.sure > 0.5) else None


AUTHORITY = Kind(
    fields=(
        Wanted("principal", "name", (
            "委托单位", "委托人", "授权单位", "授权人", "委托方", "委托单位名称", "委托人名称",
            "单位名称", "公司名称", "授权单位名称",
        ), readers.name, more=_masters),
        Wanted("agent", "name", (
            "受托人", "被授权人", "代理人", "受委托人", "被委托人", "受托人姓名", "代理人姓名",
            "被授权人姓名", "被委托人姓名", "委托代理人",
        ), _whole_name, loose=("姓名",), more=_agents),
        Wanted("identity_number", "code", more=identity_numbers),
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
