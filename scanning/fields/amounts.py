"""Amounts: figures, amounts in capitals (大写), sums in ten thousands; read as plain decimals."""

import re
from decimal import Decimal

from scanning.fields.signs import DIGITS, MYRIADS, PLAIN, chinese_number, figured

_CAPITAL = "零壹贰貳叁叄参肆伍陆陸柒捌玖拾佰仟万萬亿億两"
_ONE = "[零壹贰貳叁叄参肆伍陆陸柒捌玖]"
# After a letter that none of these words end with, the sum's beginning was misread.
CAPITALS = re.compile(
    rf"(?:(?<=[币写额计为价款金共即付费是收交到])|(?<![一-龥]))"
    rf"[{_CAPITAL}](?:\s?[{_CAPITAL}]){{0,29}}\s?[美港欧日]?[元圆圓]"
    rf"(?:\s?{_ONE}角)?(?:\s?零?{_ONE}分)?\s?[整正]?"
)
FIGURES = re.compile(
    # A comma may be read as a stop: before the last two figures one stop is the true one.
    r"(?<![\d.])\d{1,3}(?:[,，.]\s?\d{3})+[.,]\d\d(?!\d)"
    r"|(?<![\d.])\d{1,3}(?:[,，]\s?\d{3})+(?:\.\s?\d{1,4})?|(?<![\d.,])\d+(?:\.\d{1,4})?"
)
# 500万元, 人民币1000.00万元, 伍佰万人民币元: the sums of licences.
MYRIAD_SUM = re.compile(
    rf"(?:(?P<figures>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>万|亿)?|(?P<capitals>[{_CAPITAL}一二三四五六七八九十百千]{{2,20}}))"
    r"\s*(?:(?:人民币|美|港|欧)?\s*[元圆圓]|(?<=[万亿])\s*(?:人民币)?(?![一-龥]))"
)
CURRENCIES = {
    "CNY": "人民币|¥|RMB|CNY", "USD": "美元|USD|US\\s?DOLLAR|US\\$|\\$", "EUR": "欧元|EUR\\b|€",
    "HKD": "港元|港币|HKD", "JPY": "日元|JPY", "GBP": "英镑|GBP|£",
}  # fmt: skip


def capitals_in(text: str) -> list[tuple[Decimal, int, int]]:
    """Every amount written in capitals (大写): (its value, start, end)."""
    found = []
    for match in CAPITALS.finditer(text):
        value = _capitals(re.sub(r"\s", "", match[0]))
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
    return [
        (_decimal(match[0]), *match.span())
        for match in FIGURES.finditer(figured(text.translate(PLAIN)))
    ]


def _decimal(figures: str) -> Decimal:
    whole, stop, cents = re.sub(r"\s", "", figures).rpartition(".")
    if not stop:
        whole, stop, cents = cents, "", ""
    # 1.286.500,00: the cents behind a comma.
    if re.search(r"[.,，]\d{3}[,，]\d\d$", figures):
        whole, cents = figures[:-3], figures[-2:]
    return Decimal(re.sub(r"[,，.\s]", "", whole) + (f".{cents}" if cents else ""))


def sums_in(text: str) -> list[tuple[Decimal, int, int]]:
    """Sums of money named with their unit, 500万元 or 伍佰万元整: (in whole units, start, end)."""
    found = []
    for match in MYRIAD_SUM.finditer(text.translate(PLAIN)):
        if match["capitals"]:
            number = chinese_number(match["capitals"])
            value = None if number is None else Decimal(number)
        else:
            value = Decimal(match["figures"].replace(",", "")) * MYRIADS.get(match["unit"], 1)
        if value:
            found.append((value, *match.span()))
    return found


def currencies_in(text: str) -> list[tuple[str, int, int]]:
    """Every currency that is named, by its ISO 4217 letters: (letters, start, end)."""
    return sorted(
        (
            (code, *match.span())
            for code, pattern in CURRENCIES.items()
            for match in re.finditer(pattern, text, re.IGNORECASE)
        ),
        key=lambda one: one[1],
    )


def money(value: Decimal) -> str:
    """A plain decimal with its cents."""
    return f"{value:.2f}"


def plain(value: Decimal) -> str:
    """A plain decimal as many places as it has, without an exponent."""
    return f"{value:f}"
