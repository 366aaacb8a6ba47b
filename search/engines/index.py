"""What every engine that keeps the index does, and how it refuses."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from search.entry import Entry, Question, Results

N_ = str  # marks a sentence for translation


class IndexTorn(Exception):
    """The index's files are missing or damaged: what it held must be written again."""

    text = N_(
        "The search index at %(folder)s is damaged: "
        "have it built again by “juanzong index rebuild” on the server."
    )

    def __init__(self, folder: Path) -> None:
        self.params = {"folder": str(folder)}
        super().__init__(self.text % self.params)


class IndexBusy(Exception):
    """Another process has been writing for longer than a commit can take."""

    text = N_("Another process is writing the search index at %(folder)s: try again in a minute.")

    def __init__(self, folder: Path) -> None:
        self.params = {"folder": str(folder)}
        super().__init__(self.text % self.params)


class Index(Protocol):
    """Any thread of any process may call any of this at any time.

    Everything but `clear` and `close` raises IndexTorn when files are missing or damaged.
    """

    def write(self, entries: Iterable[Entry], gone: Iterable[int], bookmark: int) -> None:
        """Put entries in, each in place of what was kept of its document; take `gone` documents
        out; keep the bookmark: all of it in one commit, or nothing. Some hundred documents at a
        time are quickest; all of them are in memory meanwhile. Raises IndexBusy."""

    def bookmark(self) -> int:
        """The ledger row up to which the index is level; 0 when it is new."""

    def search(self, question: Question) -> Results:
        """The documents that answer, as of the last commit of any process."""

    def pages(self, text: str, document: int) -> Sequence[int]:
        """The document's pages on which any word of the question stands, in order, from 1.

        The cost is a search's, however many pages the document has.
        """

    def count(self) -> int:
        """How many documents the index keeps."""

    def clear(self) -> None:
        """Begin anew, empty and with the bookmark at 0, in whatever state the files are."""

    def close(self) -> None:
        """Let go of the files."""
