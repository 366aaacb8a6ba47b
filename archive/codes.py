"""Codes: the short opaque names on labels, and what each of them stands for.

A code is seven characters and a check character, all from 32 that cannot be taken for one another
on a worn label (no I, L, O, U). The seven are drawn at random; the eighth is ISO/IEC 7064 MOD 37-2,
a pure system, which catches every single wrong character and every swap of two neighbours. A draw
whose check character is none of the 32 (`*` among them) is thrown away. A code says nothing about
the paper and is never used twice.
"""

import re
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum.iso7064 import mod_37_2

from archive.base.db import Record
from archive.base.errors import N_, NotFound
from archive.base.ledger import Subject

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN = 7
SHAPE = re.compile(rf"[{ALPHABET}]{{{DRAWN + 1}}}")
LONGEST_SCAN = 500
# What people write for a character that the alphabet leaves out.
LOOKALIKES = str.maketrans("ILOU", "110V")


class NotACode(NotFound):
    text = N_("“%(scanned)s” is not a code of this archive. Scan the QR code of a folder's label.")


class MistypedCode(NotFound):
    text = N_(
        "The code %(code)s has a wrong character. Scan it again, or compare it with the label."
    )


class UnknownCode(NotFound):
    text = N_(
        "The code %(code)s is well formed, but this archive never gave it to anything. "
        "Find out which archive the label is from."
    )


class ForeignCode(NotFound):
    text = N_("This is a label of another archive (%(host)s). Look it up there.")


class Code(Record):
    """A code and what it stands for, for ever."""

    __tablename__ = "code"
    __table_args__ = (Index("ix_code_subject", "kind", "ref"),)

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[int]
    issued_at: Mapped[datetime]

    @property
    def subject(self) -> Subject:
        return Subject(self.kind, self.ref)


def unused(session: Session) -> str:
    """A code that stands for nothing yet."""
    code = draw()
    while session.get(Code, code) is not None:
        code = draw()
    return code


def give(session: Session, code: str, subject: Subject, *, at: datetime) -> None:
    """Let a code stand for a thing from now on."""
    session.add(Code(code=code, kind=subject.kind, ref=subject.id, issued_at=at))


def draw() -> str:
    """A random code with its check character."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
        check = mod_37_2.calc_check_digit(body)
        if check in ALPHABET:
            return body + check


def is_sound(code: str) -> bool:
    """Whether the check character fits."""
    return bool(SHAPE.fullmatch(code)) and mod_37_2.is_valid(code)


def resolve(session: Session, scanned: str, *, address: str) -> Subject:
    """What a scanned or typed text stands for: a code, or the URL that a label carries.

    `address` is this archive's own base URL.

    Raises:
        ForeignCode, NotACode, MistypedCode, UnknownCode: it stands for nothing here.
    """
    code = spell(scanned, address=address)
    found = session.get(Code, code)
    if found is None:
        raise UnknownCode(code=code)
    return found.subject


def spell(scanned: str, *, address: str) -> str:
    """The sound code in a scanned text.

    Raises:
        ForeignCode, NotACode, MistypedCode: there is none.
    """
    # A scanner under a Chinese input method types full-width characters; some send signs unseen.
    text = unicodedata.normalize("NFKC", scanned[:LONGEST_SCAN])
    text = "".join(c for c in text if c.isprintable()).strip()
    typed = _from_url(text, address) if "://" in text else text
    code = _code_in(typed)
    if not SHAPE.fullmatch(code):
        raise NotACode(scanned=text[:40])
    if not is_sound(code):
        raise MistypedCode(code=code)
    return code


def url(code: str, *, address: str) -> str:
    """What the QR code on the label says: any phone's camera opens it."""
    return f"{address}/c/{code}"


def _code_in(typed: str) -> str:
    return re.sub(r"[\s\-]", "", typed).upper().translate(LOOKALIKES)


def _from_url(text: str, address: str) -> str:
    try:
        parts, own = urlsplit(text), urlsplit(address)
    except ValueError as error:
        raise NotACode(scanned=text[:40]) from error
    before, _, code = parts.path.rstrip("/").rpartition("/")
    if not before.lower().endswith("/c"):
        raise NotACode(scanned=text[:40])
    # The archive may have moved to another address since the label was printed: its codes go on.
    if parts.netloc.lower() != own.netloc.lower() and not is_sound(_code_in(code)):
        raise ForeignCode(host=parts.netloc[:60])
    return code
