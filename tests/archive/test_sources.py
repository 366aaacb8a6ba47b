"""Sources: what is noted of a look, and how long people are told of it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from archive import sources
from archive.sources import FOLDER, NOTED_EVERY, TOLD_FOR
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
    sources.note_left_out(session, FOLDER, AWAY, at=NOON)
    sources.note_look(session, FOLDER, None, at=NOON)
    session.commit()
    (state,) = sources.listed(session)
    assert (state.problem, state.looked_at) == (None, NOON)
    assert state.left_out_lately(NOON + timedelta(hours=1)) == AWAY
    assert state.left_out_lately(NOON + TOLD_FOR) is None
