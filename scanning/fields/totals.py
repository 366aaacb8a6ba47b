"""Totals: the sum that a paper is about, in capitals, in figures, at the end of a column."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from scanning.fields import amounts
from scanning.fields.cells import unit_under
from scanning.fields.finding import Form, Found
from scanning.fields.paper import Place, Span, shared
from scanning.fields.readers import plausible

WINDOW = 70  # characters after a label in running text
MONEY_BEFORE = re.compile(r"(?:¥|RMB|CNY|USD|US\$|\$|EUR|€|人民币|金额|:|\()\s*$", re.IGNORECASE)
MONEY_AFTER = re.compile(r"\s*(?:元|圆|美元|欧元|USD|RMB|CNY|EUR)", re.IGNORECASE)
PART = re.compile(r"\s*之?的?\s*(?:百分之|\d+(?:\.\d+)?\s*%)|的")
NOT_THE_SUM = re.compile(
    "押金|保证金|定金|订金|违约金|罚|保价|声明价值|预付款|首付|每月|月租|每年|尾款|注册资本|每平方米|单价"
    r"|总价的\s*\d"
)
# Before the label of a sum that is but part of another: 其中安全文明施工费:人民币(大写)
OF_A_PART = re.compile(rf"其中|费\s*[:为]\s*$|{NOT_THE_SUM.pattern}")
TOTAL = re.compile(r"^\s*(?:合\s*计|总\s*计|小计合计|共\s*计|GRAND TOTAL|TOTAL)\b", re.IGNORECASE)

Finder = Callable[[Form], Iterable[Found]]


def labelled(*labels: str, of_anything: bool = False) -> Finder:
    """The sum after a label in running text or on a form: capitals, else figures; no deposit, no
    part of the sum, unless it may be `of_anything`."""
    pattern = re.compile("|".join(r"\s*".join(map(re.escape, label)) for label in labels), re.I)

    def find(form: Form) -> Iterator[Found]:
        flow = form.paper.flow
        for match in pattern.finditer(flow.text):
            before = flow.text[max(0, match.start() - 28) : match.start()]
            place = flow.span(match.start(), match.end()).place
            # Under a column's head stands the first row, and the first sum of that is any other.
            if not re.search(r"\d", place.plain) and form.is_among_labels(place):
                continue
            if not of_anything and OF_A_PART.search(re.split("[。;；\n]", before)[-1]):
                continue
            window = re.split("[。;；]", flow.text[match.end() : match.end() + WINDOW])[0]
            # 合同总价的30%为预付款: a part of the sum.
            found = None if PART.match(window) else _in_window(form, window, match.end())
            if found:
                yield found

    return find


def _in_window(form: Form, window: str, offset: int) -> Found | None:
    """The first sum in the text that begins at `offset` of the flow."""
    capitals = [one for one in amounts.capitals_in(window) if one[1] < 30]
    figures = [one for one in plausible(window) if _is_money(window, one)]
    if capitals:
        value, start, end = capitals[0]
        near = [one for one, _, _ in figures]
        agree = value in near or value in _figures(form)
        flaw = "capitals" if near and value not in near else ""
        span = form.paper.flow.span(offset + start, offset + end)
        proof = "capitals" if agree and not flaw else ""
        return Found.at(span, amounts.money(value), 0.97, proof=proof, flaw=flaw)
    for value, start, end in figures[:1]:
        span = form.paper.flow.span(offset + start, offset + end)
        proof = "capitals" if value in _capitals(form) else ""
        return Found.at(span, amounts.money(value), 0.95 if start < 12 else 0.8, proof=proof)
    return None


def _is_money(text: str, one: tuple[Decimal, int, int]) -> bool:
    _, start, end = one
    has_cents = re.search(r"\.\d\d$", text[start:end]) is not None
    marked = MONEY_BEFORE.search(text[:start]) or MONEY_AFTER.match(text, end)
    return has_cents or marked is not None


def in_capitals(
    form: Form, alone_sure: float = 0.75, *, of_anything: bool = False
) -> Iterator[Found]:
    """Sums in capitals anywhere; surer if the figures agree, and if there is no other.

    In a contract even one alone may be a deposit; on a receipt it is the sum.
    """
    flow = form.paper.flow
    found = amounts.capitals_in(flow.text)
    alone = len({value for value, _, _ in found}) == 1
    for value, start, end in found:
        before = flow.text[max(0, start - 28) : start].rpartition("。")[2]
        if not of_anything and NOT_THE_SUM.search(before):
            continue
        agrees = value in _figures(form)
        sure = (alone_sure if alone else 0.6) if agrees else 0.6 if alone else 0.45
        proof = "capitals" if agrees and alone else ""
        yield Found.at(flow.span(start, end), amounts.money(value), sure, proof=proof)


def last_of_row(*labels: str) -> Finder:
    """In a row of totals the sum stands last."""

    def find(form: Form) -> Iterator[Found]:
        for place in total_rows(form, labels):
            for other in [place, *form.paper.row_after(place)][::-1]:
                sums = [one for one in plausible(other.plain) if _is_money(other.plain, one)]
                if sums:
                    value, start, end = sums[-1]
                    proof = "capitals" if value in _capitals(form) else ""
                    span = Span(other, start, end)
                    yield Found.at(span, amounts.money(value), 0.8, proof=proof)
                    break

    return find


def column(
    *labels: str, write: Callable[[Decimal], str] = amounts.plain, sure: float = 0.97
) -> Finder:
    """The total under a column's head, proved if the column adds up to it."""

    def find(form: Form) -> Iterator[Found]:
        heads = [
            place
            for place in form.paper.places
            if place.plain.replace(" ", "").upper().startswith(labels)
        ]
        for head in heads:
            for row in total_rows(form, ()):
                yield from _under(form, head, row, write, sure)

    return find


def _under(
    form: Form, head: Place, row: Place, write: Callable[[Decimal], str], sure: float
) -> Iterator[Found]:
    if row.page != head.page or row.line.box[1] < head.line.box[3]:
        return
    for total in form.paper.row_after(row):
        figures = amounts.figures_in(total.plain)
        if len(figures) == 1 and _is_in_column(head, total):
            value, start, end = figures[0]
            entries = list(_entries(form, head, total))
            proof = "sum" if len(entries) > 0 and sum(entries) == value and value else ""
            told = write((value * 1000).normalize() if _is_in_tons(form, head) else value)
            yield Found.at(Span(total, start, end), told, sure, proof=proof)


def _is_in_tons(form: Form, head: Place) -> bool:
    """Whether a column of weights is in tons, as its head says, perhaps on two lines."""
    unit = unit_under(form.paper, head, head.line.box)
    return "吨" in head.plain or (unit is not None and "吨" in unit.plain)


def _entries(form: Form, head: Place, total: Place) -> Iterator[Decimal]:
    for place in form.paper.places:
        between = head.line.box[3] <= _middle(place) <= total.line.box[1]
        if place.page == head.page and between and _is_in_column(head, place):
            figures = amounts.figures_in(place.plain)
            if len(figures) == 1:
                yield figures[0][0]


def _is_in_column(head: Place, other: Place) -> bool:
    left, _, right, _ = head.line.box
    slack = head.height // 2
    box = other.line.box
    return shared(left - slack, right + slack, box[0], box[2]) > 0.5


def _middle(place: Place) -> float:
    return (place.line.box[1] + place.line.box[3]) / 2


def total_rows(form: Form, labels: Sequence[str]) -> list[Place]:
    """Lines that begin with 合计 or one of the labels."""
    return [
        place
        for place in form.paper.places
        if TOTAL.match(place.plain) or any(place.plain.startswith(label) for label in labels)
    ]


def _figures(form: Form) -> set[Decimal]:
    return {value for value, _, _ in amounts.figures_in(form.paper.flow.text)}


def _capitals(form: Form) -> set[Decimal]:
    return {value for value, _, _ in amounts.capitals_in(form.paper.flow.text)}
