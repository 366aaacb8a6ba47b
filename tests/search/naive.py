"""An engine that keeps everything in memory and reads every text anew: slow, and never wrong."""

from collections.abc import Iterable, Sequence

from search.analysis import read
from search.entry import Entry, Hit, Question, Results
from search.query import Clause, parse


class NaiveIndex:
    """The yardstick of exactness: see `search.engines.index.Index`."""

    def __init__(self) -> None:
        self.clear()

    def write(self, entries: Iterable[Entry], gone: Iterable[int], bookmark: int) -> None:
        for document in gone:
            self._entries.pop(document, None)
        for entry in entries:
            self._entries[entry.document] = entry
        self._bookmark = bookmark

    def bookmark(self) -> int:
        return self._bookmark

    def search(self, question: Question) -> Results:
        query = parse(question.text)
        found = []
        for entry in self._entries.values():
            if not _passes(entry, question):
                continue
            if query.everything:
                found.append(Hit(entry.document, 0, 0.0))
            elif query.clauses and (page := _page(entry, query.clauses)) is not None:
                found.append(Hit(entry.document, page, 0.0))
        shown = found[question.offset : question.offset + question.limit]
        return Results(len(found), tuple(shown))

    def pages(self, text: str, document: int) -> Sequence[int]:
        clauses = parse(text).clauses
        kept = self._entries.get(document, Entry(document)).pages
        texts = map(read, kept)
        return [n for n, page in enumerate(texts, 1) if any(c.is_in(page) for c in clauses)]

    def count(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._bookmark = 0

    def close(self) -> None:
        pass


def _passes(entry: Entry, question: Question) -> bool:
    since, until = question.since or "0", question.until + "~"
    first, last = (entry.dated + "-01-01")[:10], (entry.dated + "-12-31")[:10]
    return (
        question.category in ("", entry.category)
        and question.kind in ("", entry.kind)
        and question.party in (None, entry.party)
        and (not question.since or (bool(entry.dated) and last >= since))
        and (not question.until or (bool(entry.dated) and first <= until))
    )


def _page(entry: Entry, clauses: tuple[Clause, ...]) -> int | None:
    """The first page that answers most clauses, 0 for title and names; None if not all are."""
    called = [read(text) for text in (entry.title, entry.code, *entry.names)]
    pages = [read(page) for page in entry.pages]
    if not all(any(clause.is_in(text) for text in [*called, *pages]) for clause in clauses):
        return None
    answered = [sum(clause.is_in(page) for clause in clauses) for page in pages]
    most = max(answered, default=0)
    return answered.index(most) + 1 if most else 0
