"""Numbers that papers are known by, and the check digits that prove some of them."""

import re
from collections.abc import Callable

from stdnum import iso6346
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from scanning.fields.signs import FIGURES, PLAIN

CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z](?:\s?[0-9A-Z]){17}(?![0-9A-Z])")
IDENTITY = re.compile(r"(?<!\d)\d{6}\s?(?:19|20)\d{6}\s?\d{3}[\dXx](?!\d)")
CONTAINER = re.compile(r"(?<![A-Z0-9])([A-Z0158]{3}[UJZ])\s?-?(\d{6})\s?-?(\d)(?!\d)")
LETTERS = str.maketrans("0158", "OISB")  # what is read for a letter
# The letters of a carrier, read as digits, before a bill's number.
CARRIER = re.compile(r"(?=[A-Z0158]{0,3}[A-Z])[A-Z0158]{4}(?=\d{6,}$)")
POSTAL = re.compile(r"(?<![A-Z0-9])([A-Z]{2}\d{9}[A-Z]{2})(?![A-Z0-9])")
S10 = (8, 6, 4, 2, 3, 5, 9, 7)  # weights of the serial's figures
AIR_WAYBILL = re.compile(r"(?<!\d)(\d{3})\s?-?\s?(\d{4})\s?(\d{4})(?!\d)")
DECLARATION = re.compile(r"(?<!\d)\d{4}(?:19|20)\d\d[01]\d{9}(?!\d)")
# Between figures, or at either end of a part of two figures and more.
ROUND_OR_STRAIGHT = re.compile(
    r"(?<=\d)[OoIl](?=\d)|(?<![A-Za-z0-9])[OoIl](?=\d\d)|(?<=\d\d)[Oo](?![A-Za-z0-9])"
)
HOUSE_NUMBER = re.compile(
    r"[一-龥]{0,8}[A-Za-z]{0,6}[(\[]\d{4}[)\]][一-龥]{0,6}[A-Za-z]{0,4}-?\d+号?"
    r"|[A-Za-z0-9(\[](?:[A-Za-z0-9()\[\]/_.-]|(?<=[-/])[一-龥]{1,4}(?=[-/]?\d))*[A-Za-z0-9)\]]"
)


def house_number(text: str) -> str:
    """A number in which O or I, which few numbers have, was read among figures: HT-2O23-O46."""
    return ROUND_OR_STRAIGHT.sub(lambda one: one[0].translate(FIGURES), text)


def credit_codes_in(text: str) -> list[tuple[str, bool, int, int]]:
    """Every unified social credit code: (code, whether its check character is right, start, end).

    GB 32100-2015 leaves out I, O, S, V and Z, so that 1, 0, 5 and 2 can be told from them.
    """
    plain = text.translate(PLAIN).upper()
    found = []
    for match in CREDIT_CODE.finditer(plain):
        code = re.sub(r"\s", "", match[0]).translate(str.maketrans("IOSZ", "1052"))
        if sum(char.isdigit() for char in code) >= 8:
            found.append((code, _is(uscc.validate, code), *match.span()))
    return found


def identities_in(text: str) -> list[tuple[str, bool, int, int]]:
    """Every citizen's number of GB 11643: (number, whether its check character is right, …)."""
    found = []
    for match in IDENTITY.finditer(text.translate(PLAIN)):
        number = re.sub(r"\s", "", match[0]).upper()
        found.append((number, _is(_citizen, number), *match.span()))
    return found


def masked(identity: str) -> str:
    """A citizen's number that shows neither birthday nor order: 110***********1234."""
    return identity[:3] + "*" * (len(identity) - 7) + identity[-4:]


def containers_in(text: str) -> list[tuple[str, bool, int, int]]:
    """Every container's number of ISO 6346: (number, whether its check digit is right, …)."""
    found = []
    for match in CONTAINER.finditer(text.translate(PLAIN).upper()):
        owner, serial, check = match.groups()
        if sum(map(str.isalpha, owner)) < 2:
            continue
        number = owner.translate(LETTERS) + serial + check
        found.append((number, _is(iso6346.validate, number), *match.span()))
    return found


def bill_number(text: str) -> str:
    """A bill of lading's number, its carrier in letters: OOLU is read as 00LU."""
    carrier = CARRIER.match(text)
    if carrier is None or sum(map(str.isalpha, carrier[0])) < 2:
        return text
    return carrier[0].translate(LETTERS) + text[4:]


def air_waybills_in(text: str) -> list[tuple[str, bool, int, int]]:
    """Every air waybill's number: the eighth digit is the seven before it modulo 7."""
    found = []
    for match in AIR_WAYBILL.finditer(text.translate(PLAIN)):
        line, first, second = match.groups()
        serial = first + second
        checks = int(serial[:7]) % 7 == int(serial[7])
        found.append((f"{line}-{serial}", checks, *match.span()))
    return found


def postal_in(text: str) -> list[tuple[str, bool, int, int]]:
    """Every number of a parcel of the posts (UPU S10): (number, whether its check digit is right,
    start, end)."""
    found = []
    for match in POSTAL.finditer(text.translate(PLAIN)):
        serial, check = match[1][2:10], int(match[1][10])
        rest = 11 - sum(int(a) * b for a, b in zip(serial, S10, strict=True)) % 11
        checks = check == {10: 0, 11: 5}.get(rest, rest)
        found.append((match[1], checks, *match.span(1)))
    return found


def _citizen(number: str) -> str:
    """Birthday and check digit; stdnum's own rule wants a county of its list, which ages."""
    ric.get_birth_date(number)
    if ric.calc_check_digit(number) != number[-1]:
        raise InvalidChecksum
    return number


def _is(validate: Callable[[str], str], number: str) -> bool:
    try:
        validate(number)
    except ValidationError:
        return False
    return True
