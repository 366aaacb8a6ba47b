"""What people type: dates and amounts, in the many ways in which papers and people write them."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from archive.base.errors import N_, Invalid

# 2024, 2024-5, 2024-05-31; as papers and people write it too: 2024年5月31日, 2024/5/31, 2024.5.31.
PARTIAL_DATE = re.compile(
    r"([12]\d{3})(?:年|[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?)?", re.ASCII
)
AMOUNT = re.compile(r"\d{1,18}(\.\d{1,4})?", re.ASCII)
NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,6})?", re.ASCII)
# What is kept exactly as a whole number of hundredths, and leaves room to add up.
MOST_MONEY = Decimal("999999999999.99")


class NotAnAmount(Invalid):
    text = N_("“%(typed)s” is not an amount. Write it in figures, like 1286500.00.")


class NotADate(Invalid):
    text = N_("“%(typed)s” is not a date. Write it like 2024-05-31, or 2024-05, or 2024.")


class NotADay(Invalid):
    text = N_("“%(typed)s” is not a day of the calendar. Write it like 2024-05-31.")


class NotANumber(Invalid):
    text = N_("“%(typed)s” is not a number. Write it in figures, like 12.5.")


class NotMoney(Invalid):
    text = N_(
        "“%(typed)s” is not a sum of money. Write it in figures with at most two decimals, "
        "like 1286500.00."
    )


def plain_amount(typed: str) -> str:
    """An amount as it is kept: digits with at most four decimals, empty when it is not known.

    Raises:
        NotAnAmount: it is no such number.
    """
    plain = _figures(typed)
    if plain and not AMOUNT.fullmatch(plain):
        raise NotAnAmount(typed=typed.strip()[:30])
    return plain


def money(typed: str) -> Decimal | None:
    """A sum of money to the hundredth; None when nothing was typed.

    Raises:
        NotMoney: it is no such sum, or more than is kept.
    """
    plain = _figures(typed)
    if not plain:
        return None
    if not AMOUNT.fullmatch(plain):
        raise NotMoney(typed=typed.strip()[:30])
    told = Decimal(plain)
    kept = told.quantize(Decimal("0.01"))
    if kept != told or kept > MOST_MONEY:
        raise NotMoney(typed=typed.strip()[:30])
    return kept


def number(typed: str) -> str:
    """A number as it is kept, empty when nothing was typed.

    Raises:
        NotANumber: it is none.
    """
    plain = unicodedata.normalize("NFKC", typed).strip().replace(",", "").replace("\u2212", "-")
    if plain and not NUMBER.fullmatch(plain):
        raise NotANumber(typed=typed.strip()[:30])
    return plain


def partial_date(typed: str) -> str:
    """A date as it is kept: ISO 8601, as exact as it is known, empty when it is not.

    Raises:
        NotADate: it is no year, month or day, or there is no such day.
    """
    written = "".join(unicodedata.normalize("NFKC", typed[:40]).split())
    shape = PARTIAL_DATE.fullmatch(written)
    if not written:
        return ""
    if shape is None:
        raise NotADate(typed=typed.strip()[:20])
    known = [part for part in shape.groups() if part]
    try:
        date(*(int(part) for part in [*known, "1", "1"][:3]))
    except ValueError as error:
        raise NotADate(typed=typed.strip()[:20]) from error
    return "-".join(part.zfill(2) for part in known)


def day(typed: str) -> date | None:
    """A whole date; None when nothing was typed.

    Raises:
        NotADay: it is none, or only a part of one.
    """
    try:
        told = partial_date(typed)
        return date.fromisoformat(told) if told else None
    except (NotADate, ValueError) as error:
        raise NotADay(typed=typed.strip()[:20]) from error


def _figures(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).strip().lstrip("¥$€£")
    return plain.replace(",", "").strip()
