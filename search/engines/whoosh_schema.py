"""How a document lies in Whoosh: a record for its title and names, then one for each page.

Records of a document are written together and stay neighbours through every merge; so a page's
number is its distance from the record that holds the facts.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whoosh import fields, formats

from search import analysis
from search.entry import Entry

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


class Terms(fields.FieldType):
    """A field that is given its terms counted: no analyzer, no positions."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Counter[str], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Whoosh's own shape of a posting: term, frequency, weight, nothing more."""
        for term, n in value.items():
            yield term.encode(), n, float(n), b""


class Catalogue(fields.Schema):
    """The schema with the bookmark on it: it is saved in the same atomic step as the segments.

    `form` says which form of texts the index was built with.
    """

    bookmark: int = 0
    form: int = 1


def catalogue() -> Catalogue:
    """A new index's schema."""
    made = Catalogue(terms=Terms(), form=fields.STORED(), facts=fields.STORED())
    made.form = analysis.FORM
    return made


@dataclass(frozen=True)
class Facts:
    """What is filtered and sorted by, of one document. Dates as yyyymmdd, 0 when unknown."""

    document: int
    category: str
    kind: str
    party: int | None
    earliest: int
    latest: int


def facts(entry: Entry) -> Facts:
    """The facts of an entry."""
    earliest, latest = span(entry.dated)
    return Facts(entry.document, entry.category, entry.kind, entry.party, earliest, latest)


def span(dated: str) -> tuple[int, int]:
    """The first and last day that a partial ISO date can mean; (0, 0) when it cannot be read."""
    read = _DATE.fullmatch(dated.strip())
    if read is None:
        return 0, 0
    year, month, day = int(read[1]), int(read[2] or 0), int(read[3] or 0)
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or 31)


def records(entry: Entry) -> Iterator[dict[str, Any]]:
    """Whoosh's records of an entry: what it is called, then its pages."""
    called = [analysis.read(text) for text in (entry.title, entry.code, *entry.names)]
    counted: Counter[str] = sum(map(analysis.terms, called), Counter())
    # A line end, which no pattern holds, keeps one name's end from the next one's beginning.
    form = "\n".join(reading.form for reading in called)
    yield {"terms": counted, "form": form.encode(), "facts": facts(entry)}
    for page in entry.pages:
        reading = analysis.read(page)
        yield {"terms": analysis.terms(reading), "form": reading.form.encode()}
