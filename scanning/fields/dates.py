"""Dates as Chinese papers write them, and terms from one day to another."""

import re
from datetime import date

from scanning.fields.signs import DIGITS, PLAIN, chinese_number, figured

_DIGIT = "".join(re.escape(char) for char in DIGITS)
_FEW = f"[{_DIGIT}十拾]{{1,4}}"
CHINESE_DATE = re.compile(
    rf"(?P<year>[{_DIGIT}](?:\s?[{_DIGIT}]){{3}})\s*年"
    rf"(?:\s*(?P<month>{_FEW})\s*月(?:\s*(?P<day>{_FEW})\s*[日号])?)?"
)
PLAIN_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?P<sign>[-./])\s?(?P<month>\d{1,2})"
    r"(?:\s?(?P=sign)\s?(?P<day>\d{1,2}))?(?!\d)"
)
CLOSE_DATE = re.compile(
    r"(?<![\dA-Za-z-])(?P<year>(?:19|20)\d\d)(?P<month>0\d|1[0-2])(?P<day>[0-3]\d)(?!\d)"
)
# 25/12/2024 and 12/25/2024; which comes first in 03/04/2024 no one can tell.
DAY_FIRST = re.compile(
    r"(?<![\d/])(?P<day>1[3-9]|2\d|3[01])[-/.](?P<month>0?[1-9]|1[0-2])[-/.](?P<year>20\d\d)(?!\d)"
)
MONTH_FIRST = re.compile(
    r"(?<![\d/])(?P<month>0?[1-9]|1[0-2])[-/.](?P<day>1[3-9]|2\d|3[01])[-/.](?P<year>20\d\d)(?!\d)"
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>(?:{'|'.join(MONTHS)})[a-z]*)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
ENGLISH_DATES = (
    re.compile(rf"(?<![A-Za-z]){_MONTH}\s*{_DAY},?\s*{_YEAR}", re.IGNORECASE),
    # 03 8月/AUG 2029, as in passports.
    re.compile(
        rf"(?<!\d){_DAY}[\s-]*(?:\d{{1,2}}\s?月\s?/\s?)?{_MONTH},?[\s-]*{_YEAR}", re.IGNORECASE
    ),
)
PATTERNS = (CHINESE_DATE, PLAIN_DATE, *ENGLISH_DATES, CLOSE_DATE, DAY_FIRST, MONTH_FIRST)
# What stands where a term has no end.
ENDLESS = re.compile("长期有效|长期|永续经营|永久|无固定期限|无限期|不约定期限")


def dates_in(text: str) -> list[tuple[str, int, int]]:
    """Every date in the text, as (ISO 8601, perhaps shortened; start; end), from left to right."""
    found: dict[int, tuple[str, int, int]] = {}
    plain = figured(text.translate(PLAIN))
    for pattern in PATTERNS:
        for match in pattern.finditer(plain):
            value = _iso(match)
            if value and not any(start <= match.start() < end for _, start, end in found.values()):
                found[match.start()] = (value, *match.span())
    return [found[start] for start in sorted(found)]


def _iso(match: re.Match[str]) -> str | None:
    year = chinese_number(re.sub(r"\s", "", match["year"]))
    month_text, day_text = match["month"], match["day"]
    month = _month(month_text) if month_text else None
    day = chinese_number(day_text) if day_text else None
    if year is None or not 1900 <= year <= 2100 or (month_text and not 1 <= (month or 0) <= 12):
        return None
    if month is None:
        return f"{year}"
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None  # 30 February is a misreading, and which part of it no one can tell.


def _month(text: str) -> int | None:
    short = text[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else chinese_number(text)
