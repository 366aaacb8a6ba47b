"""Dates and amounts in one form each, however they are written.

    2024年3月1日 · 2024-3-1 · 2024/03/01 · 二〇二四年三月一日 · March 1, 2024   →  "@2024-03-01"
    ¥1,200,000.00 · 120万元 · 人民币壹佰贰拾万元整                              →  "¥1200000"

All is read in a text as analysis folds it: NFKC, small letters, simplified characters. A date that
says its day says its month as well. What is a part of a code (HT-2024-03-15) is no date.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal

Value = tuple[str, int, int]
"""The one form, and where in the text it stands."""

# What stands for nought in a year on paper, and what readers make of it: 二O二四.
NOUGHTS = "○◯o0"
DIGITS = {
    **{char: n for chars in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖")
       for n, char in enumerate(chars)},
    "两": 2,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
MYRIADS = {"万": 10**4, "亿": 10**8}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DIGIT = f"[{''.join(DIGITS)}]"
_NUMERAL = f"[{''.join(DIGITS)}{''.join(TENS)}]"
_APART = r"(?<![0-9a-z_])(?<![0-9a-z][-/.,])"  # no word and no part of a code goes before
_ENDS = r"(?![0-9a-z_]|[-/.,][0-9a-z])"
_DASH = r"\s?[-\u2010\u2013\u2014\u2212/.]\s?"
_YEAR = "(?P<y>[12][0-9]{3})"
# The same as _APART and _YEAR, and four times as quick: where no 1 or 2 is, nothing is tried.
_FIRST = r"(?P<y>[12](?<![0-9a-z_].)(?<![0-9a-z][-/.,].)[0-9]{3})"
_DAY = "(?P<d>[0-9]{1,2})"
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_TH = "(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9])(?P<y>[12][0-9]{{3}}|(?<!{_DIGIT})(?:[{''.join(DIGITS)}{NOUGHTS}]\s?){{4}})"
        rf"\s?年\s?(?P<m>[0-9]{{1,2}}|{_NUMERAL}{{1,3}})\s?月"
        rf"(?:\s?(?P<d>[0-9]{{1,2}}|{_NUMERAL}{{1,4}})\s?[日号])?",
        rf"{_FIRST}{_DASH}(?P<m>[0-9]{{1,2}}){_DASH}{_DAY}{_ENDS}",
        rf"{_FIRST}[-/](?P<m>[0-9]{{1,2}}){_ENDS}",
        rf"{_FIRST}(?<=(?:19|20)..)(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}}){_ENDS}",
        rf"(?<![0-9a-z]){_NAME}\s?{_DAY}{_TH},?\s?{_YEAR}{_ENDS}",
        rf"{_APART}{_DAY}{_TH}[\s-]?(?:of\s)?{_NAME},?[\s-]?{_YEAR}{_ENDS}",
    )
)
_MONEY = r"(?:(?:人民币|(?:rmb|cny|usd|eur|hkd)(?![a-z])|(?:us|hk)?\$|[¥€£])\s?:?\s?)"
_FIGURES = re.compile(
    rf"{_APART}(?P<sign>{_MONEY})?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<part>[0-9]{1,4}))?"
    r"(?:\s?(?P<unit>[十百千]?万|[十百千万]?亿))?(?P<yuan>\s?[元圆]\s?[整正]?)?"
    r"(?![0-9a-z_]|[-/.,][0-9])"
)
_WORDS = re.compile(
    rf"{_MONEY}?(?P<whole>{_NUMERAL}(?:\s?[{''.join(DIGITS)}{''.join(TENS)}万亿])*)"
    rf"(?P<yuan>\s?[元圆](?:\s?零?\s?(?P<jiao>{_DIGIT})\s?角)?"
    rf"(?:\s?零?\s?(?P<fen>{_DIGIT})\s?分)?\s?[整正]?)?"
)
_SUMS = re.compile("[壹贰叁肆伍陆柒捌玖].*[拾佰仟万亿]|[万亿]", re.DOTALL)
_AROUND = " \t\r\n。，、；：.,;:()"


_FIGURE = str.maketrans(
    {**{char: str(n) for char, n in DIGITS.items()}, **dict.fromkeys(NOUGHTS, "0")}
)


def values(folded: str) -> Iterator[Value]:
    """The dates and amounts of a text, without numbers that are plain words as they stand."""
    yield from _dates(folded)
    yield from _amounts(folded, plain=False)


def meant(folded: str) -> tuple[str, ...]:
    """What a text says when it is nothing but one date or amount; a plain number is an amount."""
    said = folded.strip(_AROUND)
    found = [*_dates(said), *_amounts(said, plain=True)]
    whole = dict.fromkeys(form for form, start, end in found if (start, end) == (0, len(said)))
    # A day is asked for: its month, which a text says with it, would answer for other days.
    return tuple(form for form in whole if not any(o.startswith(f"{form}-") for o in whole))


def number(words: str) -> int | None:
    """A number in Chinese words, 一百二十万 or 壹佰贰拾万, or nothing when it is none."""
    total = section = digit = 0
    unit = 10**4  # units grow smaller: 二十三百 is two numbers
    for char in "".join(words.split()):
        if char in MYRIADS:
            if not total + section + digit or (char == "万" and total % 10**8):
                return None
            unit = 10**4
            section, digit = section + digit, 0
            total = (total + section) * MYRIADS[char] if char == "亿" else total + section * 10**4
            section = 0
        elif char in TENS:
            if TENS[char] >= unit or (not digit and (TENS[char] != TENS["十"] or section)):
                return None
            unit = TENS[char]
            section, digit = section + (digit or 1) * TENS[char], 0
        elif digit:
            return None
        else:
            digit = DIGITS[char]
    return total + section + digit


def _dates(folded: str) -> Iterator[Value]:
    for pattern in _DATES:
        for found in pattern.finditer(folded):
            yield from _date(found)


def _date(found: re.Match[str]) -> Iterator[Value]:
    told = found.groupdict()
    name = told.get("name")
    month = MONTHS.index(name[:3]) + 1 if name else _figure(told["m"])
    year, day = _year(told["y"]), _figure(told["d"]) if told.get("d") else 1
    if not _is_day(year, month, day):
        return
    yield f"@{year:04}-{month:02}", found.start(), found.end()
    if told.get("d"):
        yield f"@{year:04}-{month:02}-{day:02}", found.start(), found.end()


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(max(year, 1), month)[1]


def _year(written: str) -> int:
    figures = ("".join(written.split())).translate(_FIGURE)
    return int(figures)


def _figure(written: str) -> int:
    """A month or a day; 0 when it is none."""
    return int(written) if written.isdecimal() else number(written) or 0


def _amounts(folded: str, *, plain: bool) -> Iterator[Value]:
    for found in _FIGURES.finditer(folded):
        if plain or _is_sum(found):
            yield _form(_sum(found)), found.start(), found.end()
    for found in _WORDS.finditer(folded):
        if found["yuan"] or _SUMS.search(found["whole"]):
            whole = number(found["whole"])
            if whole is not None:
                small = 10 * DIGITS[found["jiao"] or "零"] + DIGITS[found["fen"] or "零"]
                yield _form(whole + Decimal(small) / 100), found.start(), found.end()


def _is_sum(found: re.Match[str]) -> bool:
    """Is it written as an amount, other than as a plain number, which is a word already?"""
    if found["part"]:
        return bool(len(found["part"]) == 2 or found["sign"] or found["yuan"] or found["unit"])
    return "," in found["whole"] or bool(found["unit"])


def _sum(found: re.Match[str]) -> Decimal:
    times = 1
    for char in found["unit"] or "":
        times *= (TENS | MYRIADS)[char]
    return Decimal(f"{found['whole'].replace(',', '')}.{found['part'] or 0}") * times


def _form(amount: Decimal) -> str:
    """The amount without noughts that say nothing."""
    written = f"{amount:f}"
    return "¥" + (written.rstrip("0").rstrip(".") if "." in written else written)
