"""What the index keeps of a document, what it is asked, and what it answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One document as the index keeps it.

    `names` are codes, numbers and party names, findable beside the text. `pages` is the text of
    each page in order. `dated` is an ISO date, as much of it as is known: "2024", "2024-05", "".
    """

    document: int
    title: str = ""
    names: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    category: str = ""
    kind: str = ""
    party: int | None = None
    dated: str = ""
    code: str = ""


@dataclass(frozen=True)
class Question:
    """What somebody looks for.

    Without a text everything that passes the filters is listed, newest date first. A filter that
    is empty lets everything pass; `since` and `until` are ISO dates, partial ones too, and count
    themselves in. A document of which only the year is known passes when it may lie between them.
    """

    text: str = ""
    category: str = ""
    kind: str = ""
    party: int | None = None
    since: str = ""
    until: str = ""
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True)
class Hit:
    """A document that answers. `page` counts from 1; 0 says that only title or names answer."""

    document: int
    page: int
    score: float


@dataclass(frozen=True)
class Results:
    """How many documents answer, and those that were asked for, best first."""

    total: int
    hits: tuple[Hit, ...]
