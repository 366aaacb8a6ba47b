"""Values: dates, numbers and amounts as Chinese papers write them, read into plain ones."""

import re
from datetime import date
from decimal import Decimal

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

DIGITS = {
    **{char: value for value, char in enumerate("0123456789")},
    **{char: value for value, char in enumerate("〇一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **dict.fromkeys("○ＯOo", 0),
    "两": 2,
    "貳": 2,
    "叄": 3,
    "陸": 6,
}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

# Full-width forms to plain ones, character for character, so that places in the text stay.
PLAIN = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: " "}
PLAIN |= str.maketrans("〔【﹕∶￥–—－―", "([::¥----") | str.maketrans("〕】", ")]")

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
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0\d|1[0-2])(?P<day>[0-3]\d)(?!\d)"
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>(?:{'|'.join(MONTHS)})[a-z]*)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
ENGLISH_DATES = (
    re.compile(rf"(?<![A-Za-z]){_MONTH}\s*{_DAY},?\s*{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_DAY}\s*{_MONTH},?\s*{_YEAR}", re.IGNORECASE),
)

CAPITALS = re.compile(
    "[零壹贰貳叁叄肆伍陆陸柒捌玖拾佰仟万萬亿億两]{1,30}[美港欧日]?[元圆圓]"
    "(?:[零壹贰貳叁叄肆伍陆陸柒捌玖]角)?(?:零?[零壹贰貳叁叄肆伍陆陸柒捌玖]分)?[整正]?"
)
FIGURES = re.compile(
    r"(?<![\d.])\d{1,3}(?:[,，]\s?\d{3})+(?:\.\d{1,4})?|(?<![\d.,])\d+(?:\.\d{1,4})?"
)
CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


def chinese_number(text: str) -> int | None:
    """壹佰贰拾捌万陆仟伍佰, 二〇二四, 十五, 15: as an integer."""
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in TENS:
            section += (digit or 1) * TENS[char]
            digit = 0
        elif char in MYRIADS:
            # 亿 takes all before it; 万 only what stands since the last 亿.
            if MYRIADS[char] > 10_000:
                total, section = 0, total + section
            total += (section + digit) * MYRIADS[char]
            section = digit = 0
        else:
            return None
    return total + section + digit


def dates_in(text: str) -> list[tuple[str, int, int]]:
    """Every date in the text, as (ISO 8601, perhaps shortened; start; end), from left to right."""
    found: dict[int, tuple[str, int, int]] = {}
    for pattern in (CHINESE_DATE, PLAIN_DATE, *ENGLISH_DATES, CLOSE_DATE):
        for match in pattern.finditer(text.translate(PLAIN)):
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


def capitals_in(text: str) -> list[tuple[Decimal, int, int]]:
    """Every amount written in capitals (大写): (its value, start, end)."""
    found = []
    for match in CAPITALS.finditer(text):
        value = _capitals(match[0])
        if value:
            found.append((value, *match.span()))
    return found


def _capitals(text: str) -> Decimal | None:
    yuan, _, rest = re.sub("[圆圓]", "元", text).rstrip("整正").partition("元")
    whole = chinese_number(yuan.rstrip("美港欧日"))
    if whole is None:
        return None
    small = {unit: DIGITS[digit] for digit, unit in re.findall("([^零角分])([角分])", rest)}
    return whole + Decimal(10 * small.get("角", 0) + small.get("分", 0)) / 100


def figures_in(text: str) -> list[tuple[Decimal, int, int]]:
    """Every number in figures: (its value, start, end)."""
    plain = text.translate(PLAIN)
    return [
        (Decimal(re.sub(r"[,\s]", "", match[0])), *match.span())
        for match in FIGURES.finditer(plain)
    ]


def credit_codes_in(text: str) -> list[tuple[str, bool, int, int]]:
    """Every unified social credit code: (code, whether its check character is right, start, end).

    GB 32100-2015 leaves out I, O, S, V and Z, so that 1, 0, 5 and 2 can be told from them.
    """
    plain = text.translate(PLAIN).upper()
    found = []
    for match in CREDIT_CODE.finditer(plain):
        code = match[0].translate(str.maketrans("IOSZ", "1052"))
        if sum(char.isdigit() for char in code) >= 8:
            found.append((code, _checks(code), *match.span()))
    return found


def _checks(code: str) -> bool:
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True


def money(value: Decimal) -> str:
    """A plain decimal with its cents."""
    return f"{value:.2f}"
