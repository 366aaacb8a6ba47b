"""Arranging: whatever is done to a strip, every page is in it once, and everything is undone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from archive import batches, covers, documents
from archive.base import ledger
from archive.base.db import Database
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE
from archive.batches import Batch
from archive.documents import (
    Arrangement,
    CannotJoin,
    CannotSplitHere,
    Document,
    FiledStays,
    InOtherHands,
    Leaf,
    NoNeighbour,
    NothingBehind,
    NothingToUndo,
    NotInAPaper,
    NotInStrip,
    Page,
    PageRole,
    PageState,
    PaperBegins,
    PaperEnds,
    Part,
    State,
    Strip,
    steps,
)
from tests import stock
from tests.people import NOON, hire

CONTENT, BLANK, SEPARATOR = PageRole.CONTENT, PageRole.BLANK, PageRole.SEPARATOR
SETTLED = settings(max_examples=150, deadline=None)


def strip(drawn: str) -> Strip:
    """A strip from letters: a document each; `-` a blank page, `|` a separator."""
    roles = {"-": BLANK, "|": SEPARATOR}
    return tuple(
        Leaf(page, 0 if letter in roles else ord(letter) - 64, roles.get(letter, CONTENT), None)
        for page, letter in enumerate(drawn, 1)
    )


def drawn(strip: Strip) -> str:
    """The letters of a strip; a new document is called `z`, the next new one `y`."""
    signs = {BLANK: "-", SEPARATOR: "|", PageRole.REMOVED: "x", PageRole.DOUBTFUL: "?"}
    return "".join(
        signs.get(leaf.role, "") or chr((64 if leaf.document > 0 else 123) + leaf.document)
        for leaf in strip
    )


def pages(strip: Strip) -> list[int]:
    return [leaf.page for leaf in strip]


@pytest.mark.parametrize(
    ("before", "page", "after"),
    [("AAA", 2, "Azz"), ("A-AA", 3, "A-zz"), ("ABB", 3, "ABz"), ("AA|A", 4, "AA|z")],
)
def test_a_paper_splits_before_a_page(before: str, page: int, after: str) -> None:
    assert drawn(documents.split(strip(before), page)) == after


@pytest.mark.parametrize(("before", "page"), [("AAA", 1), ("ABB", 2), ("A-A", 2), ("-AA", 2)])
def test_where_a_paper_begins_it_is_not_split(before: str, page: int) -> None:
    with pytest.raises(CannotSplitHere):
        documents.split(strip(before), page)


@pytest.mark.parametrize(
    ("before", "page", "after"), [("AABB", 3, "AAAA"), ("AABB", 4, "AAAA"), ("A|B-C", 3, "A|A-C")]
)
def test_a_paper_joins_the_one_before_it(before: str, page: int, after: str) -> None:
    assert drawn(documents.join(strip(before), page)) == after


@pytest.mark.parametrize(("before", "page"), [("AAB", 1), ("A-B", 2), ("|B", 2)])
def test_what_has_no_paper_before_it_joins_nothing(before: str, page: int) -> None:
    with pytest.raises(CannotJoin):
        documents.join(strip(before), page)


@pytest.mark.parametrize(
    ("before", "page", "target", "after", "order"),
    [
        ("AABB", 3, 1, "AAAB", [3, 1, 2, 4]),
        ("AABB", 1, None, "ABBB", [2, 3, 4, 1]),
        ("AA|BB", 5, 3, "AAA|B", [1, 2, 5, 3, 4]),
        ("|AA", 3, 1, "z|A", [3, 1, 2]),
        ("|A", 2, 1, "A|", [2, 1]),
        ("A|A|A", 5, 4, "A|AA|", [1, 2, 3, 5, 4]),
        ("AB", 1, 1, "AB", [1, 2]),
        ("A-B", 2, 1, "-AB", [2, 1, 3]),
    ],
)
def test_a_page_moves_into_the_paper_it_comes_to_lie_in(
    before: str, page: int, target: int | None, after: str, order: list[int]
) -> None:
    moved = documents.move(strip(before), page, target)
    assert (drawn(moved), pages(moved)) == (after, order)


def test_a_page_goes_behind_the_last_of_a_paper() -> None:
    moved = documents.move_behind(strip("AABB"), 4, 2)
    assert (drawn(moved), pages(moved)) == ("AAAB", [1, 2, 4, 3])
    assert documents.move_behind(strip("AB"), 2, 2) == strip("AB")


def test_a_page_changes_places_with_its_neighbours() -> None:
    assert pages(documents.earlier(strip("AAA"), 3)) == [1, 3, 2]
    assert pages(documents.later(strip("AAA"), 1)) == [2, 1, 3]
    assert pages(documents.later(strip("AAA"), 2)) == [1, 3, 2]
    assert pages(documents.earlier(strip("AA-A"), 4)) == [1, 2, 4, 3]
    assert drawn(documents.later(strip("A|BB"), 2)) == "AB|B"
    assert documents.earlier(strip("|A"), 1) == strip("|A")
    assert documents.later(strip("A|"), 2) == strip("A|")


def test_no_page_leaves_its_paper_by_changing_places() -> None:
    for page in (1, 3):
        with pytest.raises(PaperBegins):
            documents.earlier(strip("AABB-"), page)
    for page in (2, 4):
        with pytest.raises(PaperEnds):
            documents.later(strip("AABB-"), page)


@pytest.mark.parametrize(
    ("step", "before", "page", "after", "order"),
    [
        (documents.to_next_paper, "AABB", 2, "ABBB", [1, 2, 3, 4]),
        (documents.to_next_paper, "AA|B", 1, "A|BB", [2, 3, 1, 4]),
        (documents.to_next_paper, "AB", 1, "BB", [1, 2]),
        (documents.to_paper_before, "AABB", 3, "AAAB", [1, 2, 3, 4]),
        (documents.to_paper_before, "A-|BB", 5, "AA-|B", [1, 5, 2, 3, 4]),
    ],
)
def test_a_page_goes_to_the_paper_beside_its_own(
    step: Any, before: str, page: int, after: str, order: list[int]
) -> None:
    moved = step(strip(before), page)
    assert (drawn(moved), pages(moved)) == (after, order)


def test_where_no_paper_lies_beside_nothing_goes_there() -> None:
    for step, letters, page, refusal in (
        (documents.to_next_paper, "AA-|", 2, NoNeighbour),
        (documents.to_paper_before, "|AA", 2, NoNeighbour),
        (documents.to_paper_before, "A-B", 2, NotInAPaper),
    ):  # fmt: skip
        with pytest.raises(refusal):
            step(strip(letters), page)


@pytest.mark.parametrize(
    ("before", "page", "after"),
    [("A-A", 2, "AAA"), ("A|-B", 3, "A|BB"), ("|A", 1, "AA"), ("A|B", 2, "AAB"), ("|-|", 2, "|z|")],
)
def test_what_was_set_aside_comes_back_where_it_lies(before: str, page: int, after: str) -> None:
    assert drawn(documents.restore(strip(before), page)) == after


def test_a_sheet_may_be_told_to_be_a_separator() -> None:
    assert drawn(documents.set_aside(strip("AAA"), 2, SEPARATOR)) == "A|A"
    assert drawn(documents.set_aside(strip("AAA"), 2)) == "AxA"


def test_each_step_settles_the_doubt_of_its_page() -> None:
    doubtful = tuple(
        Leaf(leaf.page, leaf.document, leaf.role, None, {"text": "Look.", "params": {}})
        for leaf in strip("AA|B")
    )
    for step in (documents.split, documents.set_aside, documents.settle, documents.earlier):
        told = {leaf.page: leaf.doubt for leaf in step(doubtful, 2)}
        assert told[2] is None
        assert told[1] is not None
    assert documents.restore(doubtful, 3)[2].doubt is None
    assert documents.join(doubtful, 4)[3].doubt is None


def test_backs_that_came_in_a_second_pass_go_behind_their_fronts() -> None:
    together = documents.collate(strip("AAB--C"), [1, 6, 2, 5, 3, 4], frozenset({4, 5, 6}))
    assert (drawn(together), pages(together)) == ("AAA-B-", [1, 6, 2, 5, 3, 4])
    with pytest.raises(NotInStrip):
        documents.collate(strip("AB"), [1], frozenset())


def test_the_strip_is_shown_with_what_parts_papers_before_the_second() -> None:
    told = documents.groups(strip("|A-A-|-BB|"))
    assert [(one.document, len(one.leaves)) for one in told] == [(1, 5), (2, 4), (0, 1)]
    told = documents.groups(strip("-A|A"))
    assert [(one.document, len(one.leaves)) for one in told] == [(1, 4)]
    assert [one.document for one in documents.groups(strip("||"))] == [0]
    assert documents.groups(()) == []


def test_two_who_see_the_same_strip_see_the_same_version() -> None:
    assert documents.version(strip("AAB")) == documents.version(strip("AAB"))
    others = [strip("AAA"), strip("AB"), documents.turn(strip("AAB"), 1, 90)]
    assert documents.version(strip("AAB")) not in {documents.version(one) for one in others}


STEPS = ("split", "join", "move", "move_behind", "earlier", "later", "turn", "set_aside", "restore",
         "separator", "settle", "to_paper_before", "to_next_paper")  # fmt: skip
TOLD = st.tuples(st.sampled_from(STEPS), st.integers(0, 11), st.integers(0, 11))


def done(strip: Strip, step: str, page: int, other: int) -> Strip:
    """A step by its name; `other` is what it takes besides a page, where it takes something."""
    if step == "separator":
        return documents.set_aside(strip, page, SEPARATOR)
    more: dict[str, tuple[Any, ...]] = {
        "move": (other,), "move_behind": (other,), "turn": (90 * (other % 4),)
    }  # fmt: skip
    made: Strip = getattr(documents, step)(strip, page, *more.get(step, ()))
    return made


def parted(strip: Strip) -> list[int]:
    """Documents whose pages another document's lie between."""
    order = [leaf.document for leaf in strip if leaf.document]
    runs = [one for at, one in enumerate(order) if at == 0 or order[at - 1] != one]
    return [one for one in runs if runs.count(one) > 1]


@SETTLED
@given(st.text("A-|", min_size=1, max_size=4), st.lists(TOLD, max_size=20))
def test_no_steps_lose_a_page_or_part_a_paper(letters: str, steps: list[Any]) -> None:
    now = strip(letters + "BB|CC-C"[: 12 - len(letters)])
    first = sorted(pages(now))
    for step, page, other in steps:
        try:
            now = done(now, step, page + 1, other + 1)
        except Refusal:
            continue
        assert sorted(pages(now)) == first
        assert parted(now) == []
        for leaf in now:
            assert (leaf.role == CONTENT) == (leaf.document != 0)
        shown = [leaf.page for group in documents.groups(now) for leaf in group.leaves]
        assert shown == pages(now)


def read_stack(session: Session, *texts: str, parts: tuple[Part, ...] = ()) -> Batch:
    """A batch of one file whose pages were read and divided."""
    document = stock.open_pages(session, stock.receive(session, "stack.pdf"), len(texts))
    for _ in texts:
        page = stock.claim(session)
        assert page is not None
        text = texts[page.leaf - 1]
        documents.attach_reading(session, page, stock.READER, text, stock.reading(text))
        session.flush()
    whole = tuple(Part(CONTENT, 0) for _ in texts)
    documents.divide(session, document.original, parts or whole, at=NOON)
    return batches.by_id(session, document.original.batch_id)


def step(session: Session, batch: Batch, name: str, *told: int, seen: str = "") -> None:
    documents.rearrange(
        session, batch, name, lambda now: getattr(documents, name)(now, *told),
        by=HOUSE, at=NOON, seen=seen,
    )  # fmt: skip


def finish(session: Session, kind: str = "contract") -> None:
    """What the reading room does with papers all of whose pages are done."""
    session.flush()
    session.expire_all()
    while waiting := documents.unfinished(session):
        documents.finish_reading(session, waiting[0], kind, {}, at=NOON)
        session.flush()


def papers(session: Session, batch: Batch) -> list[list[int]]:
    """The leaves of each document in the order of its pages' numbers."""
    session.flush()
    session.expire_all()
    found: dict[int, list[Page]] = {}
    for page in documents.pages_of(session, batch):
        if page.document_id:
            found.setdefault(page.document_id, []).append(page)
    for number, held in found.items():
        assert sorted(one.number or 0 for one in held) == list(range(1, len(held) + 1))
        document = session.get_one(Document, number)
        assert document.pages_total == len(held)
        assert document.state != State.JOINED
    return [[one.leaf for one in sorted(held, key=lambda p: p.number or 0)]
            for held in found.values()]  # fmt: skip


def ids(session: Session, batch: Batch) -> list[int]:
    return [page.id for page in documents.pages_of(session, batch)]


def test_a_stack_is_split_and_joined_and_each_step_is_undone(session: Session) -> None:
    batch = read_stack(session, "one", "two", "three", "four")
    first, second, third, _ = ids(session, batch)
    step(session, batch, "split", third)
    assert papers(session, batch) == [[1, 2], [3, 4]]
    step(session, batch, "set_aside", second)
    assert papers(session, batch) == [[1], [3, 4]]
    step(session, batch, "join", third)
    assert papers(session, batch) == [[1, 3, 4]]
    step(session, batch, "move", third, first)
    assert papers(session, batch) == [[3, 1, 4]]
    for name, then in (("move", [[1, 3, 4]]), ("join", [[1], [3, 4]]),
                       ("set_aside", [[1, 2], [3, 4]]), ("split", [[1, 2, 3, 4]])):  # fmt: skip
        assert documents.last_step(session, batch) == name
        documents.undo(session, batch, by=HOUSE, at=NOON)
        assert papers(session, batch) == then
    with pytest.raises(NothingToUndo):
        documents.undo(session, batch, by=HOUSE, at=NOON)
    told = [row.data["step"] for row in ledger.history(session, batch.subject)
            if row.action == "batch.arranged"]  # fmt: skip
    assert told == ["undone"] * 4 + ["move", "join", "set_aside", "split"]


def test_a_doubt_is_settled_and_its_papers_are_left_alone(session: Session) -> None:
    doubt = {"text": "Look.", "params": {}}
    batch = read_stack(session, "one", "two", parts=(Part(CONTENT, 0), Part(CONTENT, 0, doubt)))
    finish(session)
    second = ids(session, batch)[1]
    step(session, batch, "settle", second)
    assert session.get_one(Page, second).doubt is None
    assert {one.state for one in session.scalars(select(Document))} == {State.READ}
    documents.undo(session, batch, by=HOUSE, at=NOON)
    session.expire_all()
    assert session.get_one(Page, second).doubt == doubt


def test_what_is_suggested_stands_before_the_page_that_perhaps_begins_another_paper(
    session: Session,
) -> None:
    perhaps = {"text": "Look.", "params": {}, "suggests": True}
    parts = (Part(CONTENT, 0), Part(CONTENT, 0, perhaps | {"suggests": False}),
             Part(CONTENT, 0, perhaps), Part(CONTENT, 0))  # fmt: skip
    batch = read_stack(session, "one", "two", "three", "four", parts=parts)
    finish(session)

    def told() -> list[int | None]:
        (document,) = session.scalars(select(Document))
        return [page.number for page in documents.told_by(session, document, first=8, last=2)]

    assert told() == [1, 2]
    step(session, batch, "settle", ids(session, batch)[2])
    assert {one.state for one in session.scalars(select(Document))} == {State.READING}
    finish(session)
    assert told() == [1, 2, 3, 4]
    documents.undo(session, batch, by=HOUSE, at=NOON)
    assert {one.state for one in session.scalars(select(Document))} == {State.READING}
    finish(session)
    assert told() == [1, 2]


def test_of_two_clerks_at_one_strip_the_second_is_told(session: Session) -> None:
    batch = read_stack(session, "one", "two", "three")
    seen = documents.version(documents.strip_of(documents.pages_of(session, batch)))
    _, second, third = ids(session, batch)
    step(session, batch, "split", second, seen=seen)
    session.flush()
    with pytest.raises(NotInStrip):
        step(session, batch, "split", third, seen=seen)
    with pytest.raises(NotInStrip):
        documents.undo(session, batch, by=HOUSE, at=NOON, seen=seen)
    documents.undo(session, batch, by=HOUSE, at=NOON)
    session.flush()
    step(session, batch, "split", third, seen=seen)


def test_a_paper_in_hand_is_rearranged_by_nobody_else(session: Session) -> None:
    cast = hire(session)
    batch = read_stack(session, "one", "two", "three")
    _, second, _ = ids(session, batch)
    document = session.scalars(select(Document)).one()
    documents.take(session, document, by=cast.clerk.actor, at=NOON)

    def cut(strip: Strip) -> Strip:
        return documents.split(strip, second)

    with pytest.raises(InOtherHands, match=cast.clerk.name):
        documents.rearrange(session, batch, "split", cut, by=cast.archivist.actor, at=NOON)
    assert papers(session, batch) == [[1, 2, 3]]
    documents.rearrange(session, batch, "split", cut, by=cast.clerk.actor, at=NOON)
    assert papers(session, batch) == [[1], [2, 3]]


def test_what_is_filed_is_not_rearranged(session: Session) -> None:
    batch = read_stack(session, "one", "two", "three")
    first, second, third = ids(session, batch)
    step(session, batch, "split", third)
    finish(session)
    filed = documents.by_id(session, documents.pages_of(session, batch)[0].document_id or 0)
    stock.file(session, filed)
    session.flush()
    for name, told in (("split", (second,)), ("set_aside", (first,)), ("join", (third,)),
                       ("turn", (second, 90)), ("move", (third, first))):  # fmt: skip
        with pytest.raises(FiledStays, match=filed.code):
            step(session, batch, name, *told)
        session.expire_all()
    with pytest.raises(FiledStays):
        documents.undo(session, batch, by=HOUSE, at=NOON)
    session.expire_all()
    assert papers(session, batch) == [[1, 2], [3]]


def test_a_stack_of_many_papers_is_divided_with_as_few_questions_as_one_of_few(
    session: Session, database: Database
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    counted = []
    for runs in (3, 30):
        document = stock.open_pages(session, stock.receive(session, f"{runs}.pdf"), runs)
        asked.clear()
        event.listen(database.engine, "before_cursor_execute", note)
        parts = [Part(CONTENT, run) for run in range(runs)]
        documents.divide(session, document.original, parts, at=NOON)
        session.flush()
        event.remove(database.engine, "before_cursor_execute", note)
        counted.append(sum(statement.startswith("SELECT") for statement in asked))
    assert counted[0] == counted[1]


def test_the_oldest_of_many_steps_are_no_longer_undone(session: Session) -> None:
    batch = read_stack(session, "one", "two")
    first, _ = ids(session, batch)
    for turned in range(steps.KEPT + 2):
        step(session, batch, "turn", first, 90 * (turned % 3 + 1))
    kept = session.scalars(select(Arrangement.before).order_by(Arrangement.id)).all()
    assert [strip is None for strip in kept] == [True] * 2 + [False] * steps.KEPT
    for _ in range(steps.KEPT):
        assert documents.last_step(session, batch) == "turn"
        documents.undo(session, batch, by=HOUSE, at=NOON)
        session.flush()
    assert documents.last_step(session, batch) == ""
    with pytest.raises(NothingToUndo):
        documents.undo(session, batch, by=HOUSE, at=NOON)
    assert session.get_one(Page, first).turned == 180


def test_a_cover_chosen_by_hand_is_told_and_undone(session: Session) -> None:
    batch = read_stack(session, "one", "two", "three")
    first, second, third = ids(session, batch)
    step(session, batch, "split", third)
    finish(session)
    old, new = (covers.make(session, covers.COVER, by=HOUSE, at=NOON) for _ in range(2))
    for sheet in (old, new):
        documents.cover(session, batch, second, sheet, by=HOUSE, at=NOON)
        session.flush()
    named = session.get_one(Page, third).document
    assert named is not None
    assert named.cover_id == new.id
    told = ledger.history(session, named.subject)[0].data
    assert (told["step"], told["place"], told["cover"]) == ("cover", 2, new.code)
    for cover, role in ((old.id, PageRole.COVER), (None, CONTENT)):
        documents.undo(session, batch, by=HOUSE, at=NOON)
        session.flush()
        assert (named.cover_id, session.get_one(Page, second).role) == (cover, role)
    assert papers(session, batch) == [[1, 2], [3]]
    with pytest.raises(NothingBehind):
        documents.cover(session, batch, third, new, by=HOUSE, at=NOON)
    documents.cover(session, batch, first, new, by=HOUSE, at=NOON)
    assert papers(session, batch) == [[2], [3]]


def test_a_filed_paper_gets_no_other_cover(session: Session) -> None:
    batch = read_stack(session, "one", "two")
    first, second = ids(session, batch)
    step(session, batch, "split", second)
    old, new = (covers.make(session, covers.COVER, by=HOUSE, at=NOON) for _ in range(2))
    documents.cover(session, batch, first, old, by=HOUSE, at=NOON)
    finish(session)
    behind = session.get_one(Page, second).document
    assert behind is not None
    filed = stock.file(session, behind)
    session.flush()
    with pytest.raises(FiledStays, match=filed.code):
        documents.cover(session, batch, first, new, by=HOUSE, at=NOON)
    session.expire_all()
    with pytest.raises(FiledStays, match=filed.code):
        documents.undo(session, batch, by=HOUSE, at=NOON)
    session.expire_all()
    assert filed.cover_id == old.id


def test_a_page_that_is_turned_is_read_again(session: Session) -> None:
    batch = read_stack(session, "one", "two")
    first, _ = ids(session, batch)
    finish(session)
    step(session, batch, "turn", first, 90)
    session.flush()
    session.expire_all()
    page = session.get_one(Page, first)
    assert (page.turned, page.state) == (90, PageState.WAITING)
    assert page.document is not None
    assert (page.document.state, page.document.pages_done) == (State.READING, 1)
    assert stock.claim(session) == page


def test_what_is_joined_is_in_no_list_and_comes_back(session: Session) -> None:
    batch = read_stack(session, "one", "two")
    _, second = ids(session, batch)
    step(session, batch, "split", second)
    finish(session)
    assert documents.counts(session) == {"read": 2}
    step(session, batch, "join", second)
    finish(session)
    assert documents.counts(session) == {"read": 1}
    assert len(documents.inbox(session, before=None, limit=9)) == 1
    documents.undo(session, batch, by=HOUSE, at=NOON)
    finish(session)
    assert documents.counts(session) == {"read": 2}


def test_a_batch_tells_how_far_it_is(session: Session) -> None:
    doubt = {"text": "Look.", "params": {}}
    parts = (Part(SEPARATOR, -1), Part(CONTENT, 0), Part(CONTENT, 1, doubt), Part(BLANK, -1))
    batch = read_stack(session, "", "one", "two", "", parts=parts)
    empty = batches.open_batch(session, source="upload", by=HOUSE, at=NOON)
    told = documents.progress_of(session, [batch, empty])
    one = told[batch.id]
    assert (one.files, one.pages, one.done, one.doubts, one.ours) == (1, 4, 4, 1, 1)
    assert (one.documents, one.papers, one.is_busy) == ({"reading": 2}, 2, True)
    assert told[empty.id].files == 0
    finish(session)
    assert not documents.progress_of(session, [batch])[batch.id].is_busy
    assert list(documents.newest_batches(session, before=None, limit=9)) == [batch]
    assert list(documents.newest_batches(session, before=batch.id, limit=9)) == []


MANY = st.lists(st.one_of(TOLD, st.just(("undo", 0, 0))), max_size=12)


def test_any_steps_leave_every_page_once_and_what_is_filed_alone(session: Session) -> None:
    batch = read_stack(
        session, *"abcdefg", parts=tuple(Part(CONTENT, run) for run in (0, 0, 1, 1, 1, 2, 2))
    )
    finish(session)
    filed = documents.by_id(session, documents.pages_of(session, batch)[2].document_id or 0)
    stock.file(session, filed)
    session.commit()
    number, first = filed.id, ids(session, batch)

    @SETTLED
    @given(MANY)
    def hold(steps: list[tuple[str, int, int]]) -> None:
        taken = 0
        for name, page, other in steps:
            taken += _tried(session, batch, name, first[page % 7], first[other % 7])
            assert sorted(ids(session, batch)) == sorted(first)
            assert [3, 4, 5] in papers(session, batch)
            assert session.get_one(Document, number).state == State.FILED
        for _ in range(taken):
            documents.undo(session, batch, by=HOUSE, at=NOON)
            session.flush()
        assert papers(session, batch) == [[1, 2], [3, 4, 5], [6, 7]]
        session.rollback()

    hold()


def _tried(session: Session, batch: Batch, name: str, page: int, other: int) -> int:
    """How many more steps there are to undo: 1, 0, or -1 when one was undone."""
    before = documents.last_step(session, batch)
    kept = session.begin_nested()
    try:
        if name == "undo":
            documents.undo(session, batch, by=HOUSE, at=NOON)
            return -1
        now = documents.strip_of(documents.pages_of(session, batch))
        after = done(now, name, page, other)
        documents.rearrange(session, batch, name, lambda _: after, by=HOUSE, at=NOON)
        session.flush()
        return int(after != now)
    except Refusal:
        kept.rollback()
        session.expire_all()
        assert documents.last_step(session, batch) == before
        return 0
