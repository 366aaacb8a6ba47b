"""Papers that look like something, and a crowd of them in the table that they are found by."""

from sqlalchemy import BigInteger, insert, literal, select, text
from sqlalchemy.orm import Session

from archive import documents
from archive.documents import Document, Look, alike
from tests import stock

ROWS = 200_000
FORM = 0x5A5A_0F0F_3C3C_1234


def likeness_of(bits: int) -> int:
    """64 bits as a signed number."""
    return bits - (1 << 64) if bits >> 63 else bits


def paper(session: Session, name: str, bits: int, *numbers: str, text: str = "") -> Document:
    """A paper that was read and looks like this."""
    document = stock.read(session, name, text or name)
    look_like(session, document, bits, *numbers)
    session.flush()
    return document


def look_like(session: Session, document: Document, bits: int, *numbers: str) -> None:
    """A paper's first page looks like this now."""
    documents.page_of(session, document, 1).likeness = likeness_of(bits)
    documents.note_looks(session, document, numbers, lambda one, other: one == other)


def crowd(session: Session) -> None:
    """Half the rows are of papers that all have one form; half are of others."""
    first, papers = stock.read(session, "crowd.pdf", "x"), ROWS // 8
    counted = select(literal(1, BigInteger).label("at")).cte(recursive=True)
    counted = counted.union_all(select(counted.c.at + 1).where(counted.c.at < ROWS // 2))
    at, number = counted.c.at, first.id + counted.c.at
    told = select(number, literal(first.original_id), literal("read")).where(at <= papers)
    session.execute(insert(Document).from_select(["id", "original_id", "state"], told))
    looks = ["key", "document_id", "likeness"]
    for key in alike._keys(FORM):
        form = select(literal(key), number, literal(FORM)).where(at <= papers)
        session.execute(insert(Look).from_select(looks, form))
    # Knuth's multiplicative hash strews them over all keys; a paper of its own for each round.
    strewn = at * literal(2654435761, BigInteger) % (4 << 16)
    others = select(strewn, first.id + 1 + at % papers, at)
    session.execute(insert(Look).from_select(looks, others.where(strewn.not_in(alike._keys(FORM)))))
    session.execute(text("ANALYZE"))
    if session.connection().dialect.name == "postgresql":
        # Its own numbers follow the rows that were just inserted.
        top = "(SELECT max(id) FROM document)"
        session.execute(text(f"SELECT setval('document_id_seq', {top})"))
