"""Sources: what is noted of a look, and how long people are told of it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from archive import sources
from archive.sources import FOLDER, NOTED_EVERY
from tests.people import NOON

AWAY = {"text": "The share is away.", "params": {}}


def test_only_what_is_new_is_noted(session: Session) -> None:
    assert sources.is_worth_noting(session, FOLDER, None, at=NOON)
    sources.note_look(session, FOLDER, None, at=NOON)
    session.commit()
    assert not sources.is_worth_noting(session, FOLDER, None, at=NOON)
    assert sources.is_worth_noting(session, FOLDER, AWAY, at=NOON)
    later = NOON + NOTED_EVERY + timedelta(seconds=1)
    assert sources.is_worth_noting(session, FOLDER, None, at=later)


def test_a_problem_goes_with_the_next_good_look(session: Session) -> None:
    sources.note_look(session, FOLDER, AWAY, at=NOON)
    sources.note_look(session, FOLDER, None, at=NOON)
    session.commit()
    (state,) = sources.listed(session)
    assert (state.problem, state.looked_at) == (None, NOON)


def test_all_that_was_left_out_is_listed_the_last_first(session: Session) -> None:
    for number in range(5):
        sources.note_left_out(session, FOLDER, AWAY | {"name": f"{number}.zip"}, at=NOON)
    session.commit()
    first = sources.left_out(session, limit=3)
    rest = sources.left_out(session, before=first[-1].id, limit=3)
    assert [one.problem["name"] for one in (*first, *rest)] == [f"{n}.zip" for n in (4, 3, 2, 1, 0)]
