"""What follows when all pages are read: dividing, suggesting, a second look."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from archive import batches, categories, documents
from archive.base import ledger, web
from archive.base.ledger import HOUSE
from archive.documents import PageRole, State
from scanning import dividing, errors
from scanning.fields import suggest
from scanning.readingroom import ReadingRoom
from scanning.stacks.signs import PageSigns
from scanning.stacks.splitting import split
from tests.people import NOON, Cast, Visitor
from tests.scanning.workbench import Bench, bring, pdf, picture, stored, turn_to, work


def test_what_is_turned_while_it_is_suggested_for_is_suggested_for_anew(
    in_house: web.House, bench: type[Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ReadingRoom(in_house)
    document = bring(pdf(tmp_path)).document
    runs, turned = Bench.run, [90]

    def run(self: Bench, task: Callable[..., Any], *args: object) -> Any:
        if task is suggest and turned:
            turn_to(in_house, document, turned.pop())
        return runs(self, task, *args)

    monkeypatch.setattr(Bench, "run", run)
    work(room)
    assert bench.read == [1, 1]
    found = stored(document.id)
    assert (found.state, found.pages_done, found.kind) == (State.READ, 1, "contract")
    with in_house.database.reading() as session:
        told = [row.action for row in reversed(ledger.history(session, found.subject))]
    assert told == ["document.received", "batch.arranged", "document.read"]


def test_a_file_that_cannot_be_taken_apart_is_one_paper_and_the_others_go_on(
    in_house: web.House, bench: type[Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ReadingRoom(in_house)
    first = bring(pdf(tmp_path, 2)).document
    second = bring(picture("PNG")).document
    runs, troubles = Bench.run, [errors.ReaderDied()]

    def run(self: Bench, task: Callable[..., Any], *args: object) -> Any:
        if task is split and troubles:
            raise troubles.pop()
        return runs(self, task, *args)

    monkeypatch.setattr(Bench, "run", run)
    work(room)
    assert [stored(one.id).state for one in (first, second)] == [State.READ, State.READ]
    with in_house.database.reading() as session:
        batch = batches.by_id(session, first.original.batch_id)
        told = [page.doubt for page in documents.pages_of(session, batch)]
    assert told == [{"text": dividing.NOT_DIVIDED, "params": {}}, None]


def test_a_refused_file_that_is_tried_again_is_divided_too(
    room: ReadingRoom, in_house: web.House, tmp_path: Path
) -> None:
    document = bring(pdf(tmp_path, 2)).document
    path = in_house.files.path(document.original.sha256)
    path.rename(tmp_path / "aside")
    work(room)
    assert stored(document.id).state == State.FAILED
    (tmp_path / "aside").rename(path)
    with in_house.database.writing() as session:
        again = documents.by_id(session, document.id)
        documents.retry(session, again, by=HOUSE, at=NOON)
        assert again.original.divided_at is None
    work(room)
    assert stored(document.id).state == State.READ
    assert stored(document.id).original.divided_at is not None


def test_a_second_look_at_an_original_that_is_gone_holds_up_no_other_paper(
    room: ReadingRoom, in_house: web.House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = bring(pdf(tmp_path)).document
    work(room)
    before = stored(document.id)

    def gone(*_told: object) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr(Bench, "run", gone)
    assert room.back_next()
    assert not room.back_next()
    after = stored(document.id)
    assert (after.is_backed, after.kind, after.fields) == (True, before.kind, before.fields)


def test_what_clerks_filed_teaches_what_is_suggested_next(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    clerk = Visitor(app, staffed.clerk)
    papers = [bring(pdf(tmp_path) + b"\n" * n, f"{n}.pdf").document.id for n in range(2)]
    work(room)
    with in_house.database.reading() as session:
        plan = categories.plan(session)
        usual = categories.suggest_type(session, "contract")
        other = next(kind for kind in plan[-1].types if usual is None or kind.id != usual.id)
    for number in papers:
        web.close_session()
        reply = clerk.post(f"/documents/{number}/file", type=other.id, party_name="澄海物流")
        assert reply.status == 200, reply.data
    web.close_session()
    late = bring(pdf(tmp_path) + b"\n" * 9, "late.pdf").document.id
    work(room)
    guesses = stored(late).guesses
    assert guesses["type"]["value"] == str(other.id)
    reply = clerk.post(f"/documents/{late}/file")
    assert reply.status == 200, reply.data
    assert reply.data["type"] == other.id
    # The paper names a company; that papers like it were another's makes it none of theirs.
    web.close_session()
    assert reply.data["party"] not in {stored(number).party_id for number in papers}


def test_a_blank_page_alone_is_a_paper_that_a_clerk_is_asked_about(
    room: ReadingRoom, in_house: web.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = PageSigns(width=210, height=297, dpi=0, blankness="blank")
    stacks = dividing.stack_of

    def blank(*told: Any, **named: Any) -> dividing.Stack:
        stack = stacks(*told, **named)
        return replace(stack, pages=[bare], readings=[None])

    monkeypatch.setattr(dividing, "stack_of", blank)
    document = bring(picture("PNG")).document
    work(room)
    with in_house.database.writing() as session:
        batch = batches.by_id(session, document.original.batch_id)
        (page,) = documents.pages_of(session, batch)
        assert (page.role, page.doubt) == (
            PageRole.CONTENT, {"text": dividing.NOTHING_THERE, "params": {}}
        )  # fmt: skip
        documents.rearrange(
            session, batch, "set-aside", lambda now: documents.set_aside(now, page.id),
            by=HOUSE, at=NOON,
        )  # fmt: skip
    with in_house.database.reading() as session:
        assert documents.inbox(session, before=None, limit=9) == []


@pytest.mark.parametrize("step", ["divide", "suggest"])
def test_two_workers_that_finish_one_paper_finish_it_once(
    in_house: web.House, bench: type[Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:  # fmt: skip
    room, other = ReadingRoom(in_house), ReadingRoom(in_house)
    document = bring(pdf(tmp_path, 2)).document
    runs, waiting = Bench.run, [split if step == "divide" else suggest]

    def run(self: Bench, task: Callable[..., Any], *args: object) -> Any:
        if waiting and task is waiting[0]:
            waiting.pop()
            work(other)
        return runs(self, task, *args)

    monkeypatch.setattr(Bench, "run", run)
    work(room)
    found = stored(document.id)
    assert (found.state, found.pages_done) == (State.READ, 2)
    with in_house.database.reading() as session:
        told = [row.action for row in reversed(ledger.history(session, found.subject))]
    assert told == ["document.received", "document.read"]
