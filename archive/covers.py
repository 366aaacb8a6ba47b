"""Cover sheets and separators: printed sheets that part a stack and say what comes behind them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive import codes
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, NotFound, Refusal
from archive.base.ledger import Actor, Subject
from archive.categories import DocumentType
from archive.parties import Party

COVER, SEPARATOR = "cover", "separator"


class NoSuchCover(NotFound):
    text = N_("There is no cover sheet with this number. Print a new one.")


class CoverSheet(Record):
    """A sheet with a code; a cover may name party and type of the papers behind it."""

    __tablename__ = "cover_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("document_type.id"))
    year: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]

    party: Mapped[Party | None] = relationship()
    type: Mapped[DocumentType | None] = relationship()

    @property
    def subject(self) -> Subject:
        return Subject("cover", self.id)


def make(
    session: Session,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    party: Party | None = None,
    type: DocumentType | None = None,
    year: int | None = None,
    note: str = "",
) -> CoverSheet:
    """A new sheet with a code of its own, to be printed and used as often as it lasts."""
    sheet = CoverSheet(
        code=codes.unused(session), kind=kind, party=party, type=type, year=year,
        note=note.strip()[:200], made_at=at,
    )  # fmt: skip
    session.add(sheet)
    session.flush()
    codes.give(session, sheet.code, sheet.subject, at=at)
    ledger.record(session, "cover.made", sheet.subject, by=by, at=at, code=sheet.code, kind=kind)
    return sheet


def by_id(session: Session, number: int) -> CoverSheet:
    """The sheet with this id, with what it names. Raises NoSuchCover."""
    shown = (joinedload(CoverSheet.party), joinedload(CoverSheet.type))
    found = session.get(CoverSheet, number, options=shown)
    if found is None:
        raise NoSuchCover
    return found


def newest(session: Session, *, before: int | None, limit: int) -> Sequence[CoverSheet]:
    """Sheets, the newest first."""
    shown = (joinedload(CoverSheet.party), joinedload(CoverSheet.type))
    query = select(CoverSheet).options(*shown).order_by(CoverSheet.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(CoverSheet.id < before)).all()


def meaning_in(session: Session, *, address: str) -> Callable[[str], CoverSheet | bool | None]:
    """A question: which sheet of ours a text read from a page stands for.

    Answers None for what is no code of ours, and False for an address of ours whose code is
    wrong or was never given to a sheet.
    """

    def meaning(text: str) -> CoverSheet | bool | None:
        # A foreign address may end in what happens to be a sound code: that is nobody's mistake.
        is_address = text.strip().lower().startswith(f"{address.lower()}/")
        try:
            subject = codes.resolve(session, text, address=address)
        except codes.ForeignCode:
            return None
        except (codes.MistypedCode, codes.UnknownCode):
            return False if is_address else None
        except Refusal:
            return None
        return session.get(CoverSheet, subject.id) if subject.kind == "cover" else None

    return meaning
