"""The reading room: what came in is counted, read page by page, divided, and handed to the clerk.

Each step is one commit, and the records' states say which step is next: a crash anywhere loses at
most the page that was being read, and that page is read again.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from archive import documents, parties
from archive.base import tasks, web
from archive.base.db import now
from archive.base.errors import NoRoom, Refusal
from archive.base.files import refusing_full_disk
from archive.documents import Document, Page
from scanning import dividing, likeness
from scanning.batch import suggest_twice
from scanning.errors import PageTookTooLong, ReaderDied, Unreadable
from scanning.fields import Known, Suggestion, learning, suggest
from scanning.fields.paper import FIRST, LAST
from scanning.making import OriginalGone, original_there, picture_path
from scanning.originals import Original
from scanning.reading import PageReading
from scanning.second import Sheet
from scanning.stacks.splitting import split
from scanning.workshop import Workshop

# What another try may mend: a reader that died or was too slow on a busy machine.
WORTH_ANOTHER_TRY = (ReaderDied, PageTookTooLong)


class ReadingRoom:
    """The worker's part: opens what came in, reads its pages, notes when a document is done.

    Every method does one piece of work and says whether there was one.
    """

    def __init__(self, house: web.House) -> None:
        settings = house.settings
        self._database, self._files = house.database, house.files
        self._nudge: Callable[[str], None] = house.queue.nudge
        self._holder = tasks.identity()
        # The archive's own company stands in every contract, but the paper is about the other one.
        self._own_names = (settings.fonds_name,)
        self._address = settings.address
        self._patience = timedelta(seconds=2 * settings.page_seconds + 60)
        limits = {"seconds": settings.page_seconds, "megabytes": settings.page_megabytes}
        self._readers = Workshop(workers=settings.readers, **limits)
        # Counting pages must not wait behind pages that are being read.
        self._desk = Workshop(workers=1, **limits)
        # Nor must anybody wait behind a second look, which takes its time.
        self._second = Workshop(workers=1, **limits)
        self._is_closing = False

    def start(self) -> None:
        """Take up what an earlier worker of this name left."""
        with self._database.writing() as session:
            documents.release(session, self._holder)
        self.release_left()

    def release_left(self) -> bool:
        """Let pages wait again whose readers are no more."""
        with self._database.writing() as session:
            for holder in documents.holders(session):
                if tasks.is_gone(holder):
                    documents.release(session, holder)
            documents.release_older(session, self._patience, at=now())
        return False

    def open_next(self) -> bool:
        """Count the pages of the oldest document that nobody has looked at yet."""
        with self._database.reading() as session:
            waiting = documents.unopened(session)
        for document in waiting:
            self._open(document)
        return bool(waiting) and not self._is_closing

    def read_next(self) -> bool:
        """Read the page whose turn it is."""
        with self._database.writing() as session:
            page = documents.claim_page(session, holder=self._holder, at=now())
        if page is None:
            return False
        # Whoever is free takes the next page: one long paper keeps every core busy.
        self._nudge("read")
        try:
            reading = self._read(page)
        except NoRoom as problem:
            # No fault of the page: it waits until there is room, and nobody hurries meanwhile.
            self._put_back(page, problem)
            return False
        except (Unreadable, OriginalGone) as problem:
            if self._is_closing:
                # Its reader was ended with this worker, by no fault of the page: the next goes on.
                return False
            self._miss(page, problem)
        else:
            self._attach(page, reading)
        self._nudge("finish")
        return True

    def finish_next(self) -> bool:
        """Divide the oldest file whose pages are all done; else suggest for its documents."""
        with self._database.reading() as session:
            waiting = documents.unfinished(session)
        for document in waiting:
            is_divided = document.original.divided_at is not None
            if not (self._finish(document) if is_divided else self._divide(document)):
                return False
        return bool(waiting)

    def back_next(self) -> bool:
        """Let a second reader look at what counts in a paper, when nobody waits to be read."""
        with self._database.reading() as session:
            document = documents.unbacked(session)
            if document is None:
                return False
            sheets = self._sheets(session, document)
            known = known_parties(session, document)
        told = self._suggest(self._second, suggest_twice, sheets, self._own_names, known)
        if self._is_closing:
            return False
        # What broke off stays as it was read first.
        kind, fields = told or (document.kind, document.fields)
        with self._database.writing() as session:
            seen = session.get_one(Document, document.id)
            if seen.read_at == document.read_at:
                documents.back(session, seen, kind, fields)
        return True

    def close(self) -> None:
        """End the children."""
        self._is_closing = True
        self._readers.close()
        self._desk.close()
        self._second.close()

    def _divide(self, document: Document) -> bool:
        """Make documents of a file; False when this worker is closing."""
        with self._database.reading() as session:
            original = session.get_one(Document, document.id).original
            stack = dividing.stack_of(session, original, address=self._address)
        try:
            found = self._desk.run(
                split, stack.pages, stack.meanings.get, stack.readings, stack.settings
            )
        except Unreadable:
            # It stays one paper, with a doubt: the files behind it go on.
            found = None
        if self._is_closing:
            return False
        with self._database.writing() as session:
            original = session.get_one(Document, document.id).original
            documents.divide(session, original, dividing.parts(stack, found), at=now())
        return True

    def _finish(self, document: Document) -> bool:
        """Note what is suggested of a document; False when this worker is closing."""
        with self._database.reading() as session:
            seen = documents.standing(session, document)
            pages = documents.told_by(session, document, first=FIRST, last=LAST)
            readings = _readings(pages)
            lessons = documents.lessons(session)
        told = self._suggest(self._desk, suggest, readings, self._own_names)
        # None when the text is such that suggesting broke off: the clerk sees for himself.
        kind, fields = told or ("other", {})
        guesses = self._guess(lessons, readings, fields)
        marks = likeness.marks(readings[0].text) if readings else ()
        if self._is_closing:
            return False
        with self._database.writing() as session:
            known = session.get_one(Document, document.id)
            if documents.standing(session, known) != seen:
                # A clerk rearranged or turned it meanwhile: it is looked at anew.
                return True
            documents.finish_reading(session, known, kind, fields, at=now(), guesses=guesses)
            documents.note_looks(session, known, marks, likeness.is_same_paper)
        self._nudge("follow")
        self._nudge("back")
        return True

    def _sheets(self, session: Session, document: Document) -> list[Sheet]:
        """What suggesting looks at: the first pages and the last."""
        pages = documents.told_by(session, document, first=FIRST, last=LAST)
        return [
            Sheet(self._files.path(page.original.sha256), page.leaf, reading)
            for page, reading in zip(pages, _readings(pages), strict=True)
        ]

    def _open(self, document: Document) -> None:
        try:
            original = self._probe(document.original.sha256)
        except (Unreadable, OriginalGone) as problem:
            if self._is_closing:
                return
            with self._database.writing() as session:
                documents.refuse(
                    session, session.get_one(Document, document.id), _told(problem), at=now()
                )
            self._nudge("follow")
            return
        with self._database.writing() as session:
            documents.open_pages(
                session, session.get_one(Document, document.id), original.media_type, original.pages
            )
        self._nudge("read")

    def _probe(self, sha256: str, tries: int = documents.MOST_TRIES) -> Original:
        try:
            with original_there():
                return self._desk.probe(self._files.path(sha256))
        except (ReaderDied, NoRoom):
            if tries == 1 or self._is_closing:
                raise
            return self._probe(sha256, tries - 1)

    def _suggest(
        self, workshop: Workshop, task: Callable[..., Suggestion], *told: object
    ) -> tuple[str, dict[str, Any]] | None:
        """Kind and fields; None when suggesting broke off, or the original is not there."""
        try:
            with original_there():
                suggested = workshop.run(task, *told).to_dict()
        except (Unreadable, OriginalGone):
            return None
        return str(suggested["kind"]), dict(suggested["fields"])

    def _guess(
        self, lessons: list[dict[str, Any]], readings: list[PageReading], fields: dict[str, Any]
    ) -> dict[str, Any]:
        """What papers like this one were filed as."""
        if not lessons or not readings:
            return {}
        names = documents.names_in(fields)
        try:
            return self._desk.run(learning.guess, lessons, readings[0].text, names)
        except Unreadable:
            return {}

    def _read(self, page: Page) -> PageReading:
        original = page.original
        picture = picture_path(self._files, page)
        with original_there(), refusing_full_disk():
            picture.parent.mkdir(parents=True, exist_ok=True)
            return self._readers.read_page(
                self._files.path(original.sha256), page.leaf,
                engine=original.engine, picture=picture, turned=page.turned,
            )  # fmt: skip

    def _attach(self, page: Page, reading: PageReading) -> None:
        told = reading.to_dict()
        # Text, signs and likeness have columns of their own.
        text, signs, looks = told.pop("text"), told.pop("signs"), told.pop("likeness")
        with self._database.writing() as session:
            claimed = session.get_one(Page, page.id)
            if self._is_ours(claimed, page) and documents.attach_reading(
                session, claimed, self._holder, text, told, signs
            ):
                claimed.likeness = looks

    def _put_back(self, page: Page, problem: NoRoom) -> None:
        with self._database.writing() as session:
            claimed = session.get_one(Page, page.id)
            if self._is_ours(claimed, page):
                documents.put_back(session, claimed, self._holder, _told(problem))

    def _miss(self, page: Page, problem: Unreadable | Refusal) -> None:
        again = isinstance(problem, WORTH_ANOTHER_TRY)
        with self._database.writing() as session:
            claimed = session.get_one(Page, page.id)
            if self._is_ours(claimed, page):
                documents.miss_page(session, claimed, self._holder, _told(problem), again=again)

    @staticmethod
    def _is_ours(page: Page, claimed: Page) -> bool:
        """Whether the page is still claimed as it was when its reading began.

        A page that a clerk turned meanwhile may be in the hands of another thread of this worker.
        """
        return page.claimed_at == claimed.claimed_at


def known_parties(session: Session, document: Document) -> list[Known]:
    """The cards whose name or code stands in what was suggested."""
    codes = (documents.suggested(document, "credit_code"),)
    found = [parties.recognise(session, name="", credit_code=code) for code in codes if code]
    found += [parties.recognise(session, name=text) for text in documents.suggested_texts(document)]
    return [Known(one.name, one.credit_code or "") for one in found if one]


def _readings(pages: Sequence[Page]) -> list[PageReading]:
    """What was read on pages, each numbered by its place in the document."""
    return [
        PageReading.from_dict(page.reading | {"text": "", "number": page.number})
        for page in pages
        if page.reading is not None
    ]


def _told(problem: Unreadable | Refusal) -> dict[str, Any]:
    return {"text": problem.text, "params": problem.params}
