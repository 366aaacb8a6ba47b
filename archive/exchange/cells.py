"""Cells: what stands in one, read as the value that a record keeps, and refused in words."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from archive import volumes
from archive.base.errors import N_, Invalid
from archive.base.typed import partial_date, plain_amount
from archive.exchange.tables import Error, Formula, Value

EXACT = 15  # digits: a spreadsheet rounds a longer number, an identity number for one
EIGHT = 8  # digits of a date without marks, 20240502
YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1", "复制件", "copy"})
NO = frozenset({"否", "无", "", "×", "n", "no", "false", "0", "原件", "original"})


class FormulaCell(Invalid):
    text = N_(
        "This cell holds a formula (%(typed)s). Copy the column and paste it as values, "
        "then import again."
    )


class ErrorCell(Invalid):
    text = N_("This cell shows the spreadsheet's error %(typed)s. Correct it, or leave it empty.")


class RoundedNumber(Invalid):
    text = N_(
        "The spreadsheet has rounded this long number (%(typed)s). Format the column as text "
        "and write the number again."
    )


class TooLong(Invalid):
    text = N_("This text has %(length)s characters; %(most)s is the most. Shorten it.")


class NeedsValue(Invalid):
    text = N_("This cell is empty. Fill it in.")


class NotAWholeNumber(Invalid):
    text = N_("“%(typed)s” is no whole number from %(least)s to %(most)s. Write it in figures.")


class NotYesOrNo(Invalid):
    text = N_("“%(typed)s” says neither yes nor no. Write 是 or 否.")


class NoneOfThese(Invalid):
    text = N_("“%(typed)s” is none of these: %(known)s. Write one of them.")


Reader = Callable[[Value], object]


def text(longest: int) -> Callable[[Value], str]:
    """A text of at most so many characters, its spaces and line ends made single spaces."""

    def read(value: Value) -> str:
        said = " ".join(_seen(written(value)).split())
        if len(said) > longest:
            raise TooLong(length=len(said), most=longest)
        return said

    return read


def code(longest: int) -> Callable[[Value], str]:
    """A code: in even width, without spaces."""
    plain = text(longest)
    return lambda value: "".join(unicodedata.normalize("NFKC", plain(value)).split())


def archival_code(longest: int) -> Callable[[Value], str]:
    """An archival code, spelled as the archive keeps them."""
    plain = code(longest)
    return lambda value: volumes.spell(plain(value))


def whole(least: int, most: int) -> Callable[[Value], int | None]:
    """A whole number; None where the cell is empty."""

    def read(value: Value) -> int | None:
        typed = unicodedata.normalize("NFKC", written(value)).strip()
        if not typed:
            return None
        plain = typed.removesuffix(".0").replace(",", "")
        if not (plain.isascii() and plain.isdigit()) or not least <= int(plain[:12]) <= most:
            raise NotAWholeNumber(typed=typed[:30], least=least, most=most)
        return int(plain)

    return read


def dated(value: Value) -> str:
    """A date as exact as it is known: 2024, 2024-05, 2024-05-02; empty where there is none."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    typed = unicodedata.normalize("NFKC", written(value)).strip()
    if len(typed) == EIGHT and typed.isascii() and typed.isdigit():
        typed = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    return partial_date(typed)


def amount(value: Value) -> str:
    """An amount in plain figures."""
    return plain_amount(written(value))


def flag(value: Value) -> bool:
    """Yes or no; an empty cell is no."""
    typed = unicodedata.normalize("NFKC", written(value)).strip().lower()
    if typed not in YES | NO:
        raise NotYesOrNo(typed=typed[:30])
    return typed in YES


def choice(known: Mapping[str, str]) -> Callable[[Value], str]:
    """One of a few values, by any of its names; `known` maps names in small letters to values."""

    def read(value: Value) -> str:
        typed = unicodedata.normalize("NFKC", written(value)).strip()
        found = known.get(typed.lower())
        if found is None and typed:
            raise NoneOfThese(typed=typed[:30], known="、".join(dict.fromkeys(known)))
        return found or ""

    return read


def required(read: Reader) -> Reader:
    """The same value, but the cell must not be empty."""

    def needed(value: Value) -> object:
        if found := read(value):
            return found
        raise NeedsValue

    return needed


def written(value: Value) -> str:
    """What a cell shows, as text.

    Raises:
        FormulaCell, ErrorCell, RoundedNumber: it shows nothing that can be kept.
    """
    if isinstance(value, Formula):
        raise FormulaCell(typed=value.text[:40])
    if isinstance(value, Error):
        raise ErrorCell(typed=value.text[:20])
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return _figures(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def _figures(value: int | float) -> str:
    if abs(value) >= 10**EXACT:
        raise RoundedNumber(typed=f"{value:.6g}")
    return str(int(value)) if value == int(value) else repr(value)


def _seen(said: str) -> str:
    # Half characters and control signs are no text; line ends are made spaces by whoever asks.
    return "".join(c for c in said if c.isspace() or not unicodedata.category(c).startswith("C"))
