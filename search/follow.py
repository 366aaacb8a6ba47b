"""The door of finding: the index follows the ledger.

The follower reads the ledger from the index's own bookmark and writes what changed, bookmark and
entries in one commit of the index. So a crash between database and index loses nothing, and an
index that was deleted or torn is written again from the first row.
"""

from collections.abc import Callable, Iterator, Sequence

from flask import current_app
from sqlalchemy.orm import Session

from archive import documents
from archive.base import ledger
from archive.base.db import Database
from archive.base.ledger import LedgerRow
from archive.documents import Document, State
from search.engines import Index, IndexBusy, IndexTorn
from search.entry import Entry

# Rows that go into one commit of the index: few enough that none keeps a fresh paper waiting.
BATCH = 40
INDEX = "juanzong.index"
FINDABLE = (State.READ, State.FILED)


def the_index() -> Index:
    """This process's index."""
    kept: Index = current_app.extensions[INDEX]
    return kept


class Follower:
    """Keeps one index level with one ledger."""

    def __init__(self, database: Database, index: Index) -> None:
        self._database, self._index = database, index

    def step(self) -> bool:
        """Write the next rows' documents; False when the index is level, or another writes."""
        try:
            return self._step()
        except IndexTorn:
            self._index.clear()
            return True
        except IndexBusy:
            return False

    def behind(self) -> int:
        """How many ledger rows the index has still to follow."""
        with self._database.reading() as session:
            return ledger.head(session) - self._index.bookmark()

    def with_now(self) -> Callable[[], bool]:
        """A question: whether the index has followed up to where the ledger ends at this moment."""
        with self._database.reading() as session:
            end = ledger.head(session)
        return lambda: self._index.bookmark() >= end

    def _step(self) -> bool:
        bookmark = self._index.bookmark()
        with self._database.reading() as session:
            head = ledger.head(session)
            if head < bookmark:
                # A database restored from before the index was written: begin anew.
                self._index.clear()
                return True
            rows = ledger.after(session, bookmark, BATCH)
            if not rows:
                return False
            changed = documents.by_ids(session, _documents_in(rows))
            findable = [document for document in changed if document.state in FINDABLE]
            gone = [document.id for document in changed if document.state not in FINDABLE]
            self._index.write(_entries(session, findable), gone, rows[-1].id)
        return True


def entry(document: Document, pages: Sequence[str]) -> Entry:
    """What the index keeps of a document."""
    return Entry(
        document=document.id,
        title=document.shown_title,
        names=names(document),
        pages=tuple(pages),
        category=str(document.type.category.number) if document.type else "",
        kind=document.kind,
        party=document.party_id,
        dated=document.dated or documents.suggested_date(document),
        code=document.code,
    )


def names(document: Document) -> tuple[str, ...]:
    """What a document is called beside its title: numbers, codes, parties, file name, fields."""
    party = document.party
    suggested = documents.suggested_texts(document)
    former = [one.code for one in document.former]
    called = [
        document.number,
        document.code,
        *former,
        document.file_name,
        document.amount,
        *suggested,
    ]
    if party:
        called += [party.name, party.credit_code]
    return tuple(name for name in dict.fromkeys(called) if name)


def _entries(session: Session, found: Sequence[Document]) -> Iterator[Entry]:
    for document in found:
        yield entry(document, documents.page_texts(session, document))


def _documents_in(rows: Sequence[LedgerRow]) -> list[int]:
    named = (subject.partition(":") for row in rows for subject in row.subjects)
    return sorted({int(number) for kind, _, number in named if kind == "document"})
