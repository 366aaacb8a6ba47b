"""Places: found by their codes however those are typed; noted as used while there is no tree."""

import pytest
from sqlalchemy.orm import Session

from archive import locations
from archive.locations import NoSuchLocation, NotAPlace


@pytest.mark.parametrize("typed", ["", "-", "K01-", "库房1", "K01--2", "K01 G2", "A" * 60, "\0"])
def test_what_has_not_the_shape_of_a_place_is_refused(session: Session, typed: str) -> None:
    with pytest.raises(NotAPlace):
        locations.at_code(session, typed)


def test_in_an_archive_without_a_tree_a_place_is_noted_as_it_is_first_used(
    session: Session,
) -> None:
    first, second = (locations.at_code(session, code) for code in ("K02-1", "K1"))
    assert locations.at_code(session, " ｋ02－1 ") == first
    assert list(locations.below(session, None, limit=9)) == [first, second]
    assert (first.level, first.parent_id) == (None, None)
    # Without a tree nobody knows whether these are one place.
    assert locations.at_code(session, "K01") not in (first, second)


def test_a_place_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(NoSuchLocation):
        locations.by_id(session, 99)
