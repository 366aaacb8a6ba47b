"""Locations (库位): where folders stand."""

import re
import unicodedata

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record
from archive.base.errors import N_, Invalid

# 库-柜-层-格 and its longer forms: K01-G07-C3-G2, K01-Q1-L03-J02-A-C04-G05.
SHAPE = re.compile(r"[0-9A-Z]{1,6}(-[0-9A-Z]{1,6}){0,7}")


class NotAPlace(Invalid):
    text = N_("“%(typed)s” is not the code of a place. Write it like K01-G07-C3-G2.")


class Location(Record):
    """A place on a shelf, by the code on its label."""

    __tablename__ = "location"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)


def at_code(session: Session, typed: str) -> Location:
    """The place with this code; a new one is noted as it is first used.

    Raises:
        NotAPlace: the text has not the shape of a place's code.
    """
    code = unicodedata.normalize("NFKC", typed).strip().upper()
    if not SHAPE.fullmatch(code):
        raise NotAPlace(typed=typed.strip()[:40])
    known = session.scalar(select(Location).where(Location.code == code))
    if known is None:
        known = Location(code=code)
        session.add(known)
        session.flush()
    return known
