"""Readers: what stands at a label, read as a date, a number, a weight, a name or plain words."""

import re
from collections.abc import Callable
from decimal import Decimal

from scanning.fields import amounts, dates, names, numbers
from scanning.fields.finding import Answer, Form, Found, Reader, whole
from scanning.fields.paper import Span

UNITS_OF_WEIGHT = re.compile(r"\s*(kgs?|公斤|千克|吨|mt|tons?|k|lbs?|g|克)?", re.IGNORECASE)
VOLUME = re.compile(r"\s*(?:cbm|m3|m³|立方)", re.IGNORECASE)
NEXT_LABEL = re.compile(r"(?<=\d)[A-Z][a-z]{2,}$")  # read with the number: CS-118827Date
REPAIRED = 0.84  # of a number that was mended or cut off: likely, yet to be looked at
NO_PIECES = re.compile(
    r"\s*(?:kg|公斤|千克|年|月|[x×*]\s*\d|container|tank|fcl|\d*'?(?:hq|gp|hc))", re.I
)
COUNTED = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,7})(?![\d.,]*\d)")


def date(answer: Answer) -> Found | None:
    for value, start, end in dates.dates_in(answer.text)[:1]:
        # Further along the line it may be another label's date.
        sure = answer.sure * (1.0 if start <= 2 else 0.7) * (1.0 if len(value) == 10 else 0.9)
        return Found.at(answer.span.part(start, end), value, sure)
    return None


def first_of_term(answer: Answer) -> Found | None:
    span, found = _term(answer)
    if not found or not re.search("[至到-]|to|until", span.text[found[0][2] :]):
        return None
    value, start, end = found[0]
    return Found.at(span.part(start, end), value, answer.sure)


def last_of_term(answer: Answer) -> Found | None:
    """Of a term, from … to …, its end; a term without one has the word that the paper has."""
    span, found = _term(answer)
    endless = dates.ENDLESS.search(span.text)
    if endless:
        return Found.at(span.part(*endless.span()), endless[0], answer.sure, flaw="endless")
    if not 1 <= len(found) <= 2:
        return None
    value, start, end = found[-1]
    # One date alone may be the day it began.
    is_end = len(found) == 2 or re.search(r"[至到]\s*$", span.text[:start]) or "至" in answer.label
    return Found.at(span.part(start, end), value, answer.sure * (1.0 if is_end else 0.7))


def _term(answer: Answer) -> tuple[Span, list[tuple[str, int, int]]]:
    """The dates at the answer, or on the line below it where the term runs over."""
    found = dates.dates_in(answer.text)
    if len(found) == 1 and re.search(r"[至到-]\s*$", answer.text):
        for more in answer.form.going_on(answer.span):
            if dates.dates_in(more.text) or dates.ENDLESS.search(more.text):
                return more, dates.dates_in(more.text)
            break
    return answer.span, found


def number(pattern: re.Pattern[str] = numbers.HOUSE_NUMBER, digits: int = 3) -> Reader:
    """A reader of numbers of that form with at least so many digits."""

    def read(answer: Answer) -> Found | None:
        match = pattern.search(answer.text)
        if match is None or match.start() > 2 or sum(map(str.isdigit, match[0])) < digits:
            return None
        own = NEXT_LABEL.sub("", match[0])
        told = numbers.house_number(own)
        is_cut = re.match(r"[-/_][^\s-]", answer.text[match.end() :]) is not None
        sure = answer.sure * (1.0 if told == match[0] and not is_cut else REPAIRED)
        return Found.at(answer.span.part(match.start(), match.start() + len(own)), told, sure)

    return read


def checked(
    find: Callable[[str], list[tuple[str, bool, int, int]]], *, write: Callable[[str], str] = str
) -> Reader:
    """A reader of numbers that have a check digit; `write` says how the value is shown."""

    def read(answer: Answer) -> Found | None:
        for value, checks, start, end in find(answer.text)[:1]:
            proof, flaw = ("check digit", "") if checks else ("", "check digit")
            span = answer.span.part(start, end)
            return Found.at(span, write(value), answer.sure, proof=proof, flaw=flaw)
        return None

    return read


def weight(answer: Answer) -> Found | None:
    """Kilograms; tons are made kilograms."""
    for value, start, end in amounts.figures_in(answer.text)[:1]:
        unit = UNITS_OF_WEIGHT.match(answer.text, end)
        written = (unit[1] or "").lower() if unit else ""
        is_volume = VOLUME.match(answer.text, end) is not None
        if start > 4 or written in ("lb", "lbs", "g", "克") or is_volume or value == 0:
            return None
        tons = written in ("吨", "mt", "ton", "tons") or "吨" in answer.label
        kilograms = value * 1000 if tons else value
        told = amounts.plain(kilograms.normalize() if tons else value)
        return Found.at(answer.span.part(start, end), told, answer.sure)
    return None


def pieces(answer: Answer) -> Found | None:
    match = COUNTED.search(answer.text)
    if match is None or match.start() > 4 or not int(match[1].replace(",", "")):
        return None
    if NO_PIECES.match(answer.text, match.end()):
        return None
    value = match[1].replace(",", "")
    return Found.at(answer.span.part(*match.span(1)), value, answer.sure)


def amount(answer: Answer) -> Found | None:
    """A sum in capitals, else in figures."""
    for value, start, end in amounts.capitals_in(answer.text)[:1]:
        return Found.at(answer.span.part(start, end), amounts.money(value), answer.sure)
    for value, start, end in plausible(answer.text)[:1]:
        return Found.at(answer.span.part(start, end), amounts.money(value), 0.9 * answer.sure)
    return None


def plausible(text: str) -> list[tuple[Decimal, int, int]]:
    """Figures that may be an amount: not a year, a percentage or a number of pieces."""
    return [
        (value, start, end)
        for value, start, end in amounts.figures_in(text)
        if value > 0
        and not re.match(r"\s*(?:[%年月日号件个台套天度米吨]|kg|pcs|cartons)", text[end:], re.I)
        and not re.search(r"[A-Za-z\d]-?$", text[:start].removesuffix("USD").removesuffix("RMB"))
    ]


def name(answer: Answer) -> Found | None:
    """A company's or person's name; surer if it ends as companies do."""
    where = names.name_in(answer.text)
    if where is None or answer.form.labels.begins(answer.text):
        return None
    span, more = answer.span.part(*where), list[Span]()
    printed = answer.text.rstrip(" ,.").upper()
    is_broken = printed.endswith((" CO", "CO.,LTD", " PTE"))
    ends = where[1] >= len(answer.text.rstrip(" ,"))
    if ends and (is_broken or not names.is_organisation(span.text)):
        more = _rest_of_name(answer.form, span)
    told = _joined([to_end(span) if more else span, *more])
    likely = 1.0 if names.is_organisation(told) else 0.92 if names.PERSON.fullmatch(told) else 0.6
    if printed.endswith((" CO", " PTE")) and not printed.endswith("& CO") and not more:
        likely = REPAIRED  # Its LTD. stands where it was not looked for.
    return Found.at(span, told, answer.sure * likely, role=answer.label).over(more)


def person(answer: Answer) -> Found | None:
    """A person's name; of a firm that has a firm as its head, that one's."""
    where = names.name_in(answer.text)
    if where is None or answer.form.labels.begins(answer.text):
        return None
    span = answer.span.part(*where)
    if (firm := _with_delegate(answer)) is not None:
        return firm
    is_person = names.PERSON.fullmatch(span.text)
    likely = 1.0 if is_person else 0.9 if names.is_organisation(span.text) else 0.5
    return Found.at(span, span.printed, answer.sure * likely)


def _with_delegate(answer: Answer) -> Found | None:
    """A firm as the head of a firm, with whom it sends, perhaps on the next line."""
    sent = names.DELEGATE.search(answer.text)
    if sent is None:
        return None
    more = [] if sent["end"] else list(answer.form.going_on(answer.span))[:1]
    told = _joined([to_end(answer.span), *(to_end(span) for span in more)])
    is_whole = told.endswith((")", "）"))
    return Found.at(answer.span, told, answer.sure * (1.0 if is_whole else 0.6)).over(more)


def words(answer: Answer) -> Found | None:
    """Whatever is printed, over as many lines as it takes."""
    if len(answer.text) < 2 or answer.form.labels.begins(answer.text):
        return None
    more = [piece for span in (answer.span, *answer.form.going_on(answer.span))
            for piece in (span, *answer.form.rest_of_row(span))][1:]  # fmt: skip
    told = _joined([to_end(answer.span), *(to_end(span) for span in more)]).rstrip(" ;；，,")
    return Found.at(answer.span, told, answer.sure).over(more)


def line(answer: Answer) -> Found | None:
    """What is printed on one line."""
    if len(answer.text) < 2 or answer.form.labels.begins(answer.text):
        return None
    return Found.at(answer.span, answer.span.printed, answer.sure)


def _rest_of_name(form: Form, span: Span) -> list[Span]:
    """The next line, if the name ends there: under its beginning, or under its label's."""
    for more in form.going_on(span):
        if part := _end_of_name(span, more):
            return [part]
        where = names.name_in(more.text)
        if where and where[0] == 0 and names.is_organisation(more.text[: where[1]]):
            return [more.part(*where)]
        return []
    hanging = form.going_on(whole(span.place)) if span.start else ()
    return [part for more in hanging if (part := _end_of_name(span, more))][:1]


def _end_of_name(span: Span, more: Span) -> Span | None:
    """What is left of the name for the line `more`: Ltd. or 司."""
    if ending := names.ENDING.match(more.text):
        return more.part(*ending.span())
    if more.text in names.TAILS and names.is_organisation(span.text + more.text):
        return more
    is_english = span.text.isascii() and " " in span.text and more.text.isupper()
    return more if is_english and names.is_organisation(more.text) else None


def to_end(span: Span) -> Span:
    """With the stop at its end, where the text goes on."""
    more = re.match("[;,:]", span.place.plain[span.end :])
    return span.part(0, span.end - span.start + (1 if more else 0))


def _joined(spans: list[Span]) -> str:
    told = ""
    for span in spans:
        gap = " " if told[-1:].isascii() and told and span.printed[:1].isascii() else ""
        told += gap + span.printed
    return told
