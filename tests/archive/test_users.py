"""Accounts: coming in, invitations, keys, closing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import access, users
from archive.access import RIGHTS
from archive.base import ledger
from archive.base.db import Database
from archive.base.errors import Invalid, NotAllowed
from archive.base.ledger import HOUSE
from archive.users import LastAdministrator, LinkSpent, NameTaken, Role, User, WrongPassword
from tests.people import NOON, PASSWORD, Cast


def test_a_person_comes_in_with_name_and_password_however_the_name_is_typed(
    session: Session, cast: Cast
) -> None:
    for typed in ("wang", "WANG", " Wang "):
        assert users.log_in(session, typed, PASSWORD) == cast.archivist


@pytest.mark.parametrize(
    ("login", "password"),
    [("wang", "wrong"), ("wang", ""), ("nobody", PASSWORD), ("", ""), ("sun", PASSWORD)],
)
def test_wrong_name_wrong_password_and_closed_account_are_one_refusal(
    session: Session, cast: Cast, login: str, password: str
) -> None:
    with pytest.raises(WrongPassword):
        users.log_in(session, login, password)


def test_passwords_are_kept_as_argon2(session: Session, cast: Cast) -> None:
    kept = session.scalars(select(User.password)).all()
    assert all(one.startswith("$argon2id$") for one in kept)
    assert len(set(kept)) == len(kept)


def test_two_people_cannot_have_one_log_in_name(session: Session, cast: Cast) -> None:
    with pytest.raises(NameTaken):
        hire(session, "WANG ")


def test_of_many_who_take_one_name_at_once_one_gets_it(
    database: Database, session: Session
) -> None:
    session.commit()

    def take(_: int) -> bool:
        try:
            with database.writing() as own:
                hire(own, "new")
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(take, range(16))) == 1


@pytest.mark.parametrize("login", ["", "  ", "\0", "a b", "x" * 61, "İ" * 60])
def test_an_account_needs_a_name_that_can_be_typed(session: Session, login: str) -> None:
    with pytest.raises(Invalid):
        hire(session, login)


def test_an_account_without_a_full_name_goes_by_its_log_in_name(session: Session) -> None:
    assert hire(session, "New").name == "new"


def test_names_are_cut_to_what_the_records_hold_whatever_door_they_come_by(
    session: Session, cast: Cast
) -> None:
    user = users.create(
        session, login="wu", name="吴" * 101, department="部" * 101, role=Role.STAFF,
        password=users.hashed(PASSWORD), by=HOUSE, at=NOON,
    )  # fmt: skip
    users.issue_token(session, cast.clerk, "k" * 101, by=HOUSE, at=NOON)
    session.flush()
    session.expire_all()
    (token,) = users.tokens_of(session, cast.clerk)
    assert {len(one) for one in (user.name, user.department, token.label)} == {100}


def test_a_full_name_holds_nothing_that_cannot_be_seen(session: Session) -> None:
    made = users.create(
        session, login="new", name=" \u202e王\u200b芳\n ", department="档案\t室", role=Role.STAFF,
        password=users.hashed(PASSWORD), by=HOUSE, at=NOON,
    )  # fmt: skip
    assert (made.name, made.department) == ("王 芳", "档案 室")


def test_an_invitation_makes_one_account_and_is_spent(session: Session) -> None:
    key = users.invite(session, Role.ADMINISTRATOR, at=NOON)
    made = users.accept(
        session, key, login="first", name="First", password=users.hashed(PASSWORD), at=NOON
    )
    assert made.role == Role.ADMINISTRATOR
    with pytest.raises(LinkSpent):
        users.accept(
            session, key, login="second", name="", password=users.hashed(PASSWORD), at=NOON
        )


def test_an_invitation_grows_old_after_three_days(session: Session) -> None:
    key = users.invite(session, Role.CLERK, at=NOON)
    users.invitation(session, key, at=NOON + timedelta(days=3))
    with pytest.raises(LinkSpent):
        users.invitation(session, key, at=NOON + timedelta(days=3, seconds=1))


def test_an_invitation_survives_a_name_that_was_taken(
    database: Database, session: Session, cast: Cast
) -> None:
    key = users.invite(session, Role.CLERK, at=NOON)
    session.commit()
    with pytest.raises(NameTaken), database.writing() as own:
        users.accept(own, key, login="wang", name="", password=users.hashed(PASSWORD), at=NOON)
    with database.writing() as own:
        users.accept(own, key, login="wang2", name="", password=users.hashed(PASSWORD), at=NOON)


def test_of_many_who_use_one_invitation_at_once_one_gets_in(
    database: Database, session: Session
) -> None:
    key = users.invite(session, Role.ADMINISTRATOR, at=NOON)
    session.commit()

    def come_in(number: int) -> bool:
        try:
            with database.writing() as own:
                users.accept(
                    own, key, login=f"x{number}", name="", password=users.hashed(PASSWORD), at=NOON
                )
        except LinkSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(come_in, range(16))) == 1


@pytest.mark.parametrize("key", ["", "x", "卷宗", "\x01"])
def test_a_made_up_invitation_opens_nothing(session: Session, key: str) -> None:
    with pytest.raises(LinkSpent):
        users.invitation(session, key, at=NOON)


def test_a_key_acts_for_its_account_until_it_is_revoked(session: Session, cast: Cast) -> None:
    key = users.issue_token(session, cast.clerk, "scanner", by=cast.clerk.actor, at=NOON)
    assert users.by_token(session, key) == cast.clerk
    token = users.tokens_of(session, cast.clerk)[0]
    users.revoke_token(session, token, by=cast.clerk.actor, at=NOON)
    assert users.by_token(session, key) is None
    assert users.tokens_of(session, cast.clerk) == []


def test_the_key_itself_is_kept_nowhere(session: Session, cast: Cast) -> None:
    key = users.issue_token(session, cast.clerk, "scanner", by=cast.clerk.actor, at=NOON)
    assert key not in str([vars(token) for token in users.tokens_of(session, cast.clerk)])
    rows = ledger.history(session, cast.clerk.subject)
    assert rows[0].action == "user.token_issued"
    assert all(key not in row.body for row in rows)


@pytest.mark.parametrize("key", ["", "jz_", "jz_x", "卷宗", "\x01"])
def test_a_made_up_key_opens_nothing(session: Session, cast: Cast, key: str) -> None:
    assert users.by_token(session, key) is None


def test_nobody_revokes_another_persons_key(session: Session, cast: Cast) -> None:
    users.issue_token(session, cast.clerk, "scanner", by=cast.clerk.actor, at=NOON)
    token = users.tokens_of(session, cast.clerk)[0]
    with pytest.raises(users.NoSuchToken):
        users.token_of(session, cast.reader, token.id)


def test_a_new_password_ends_every_visit(session: Session, cast: Cast) -> None:
    cookie = users.begin_visit(session, cast.clerk, at=NOON)
    assert users.by_cookie(session, cookie, at=NOON) == cast.clerk
    users.change_password(
        session, cast.clerk, users.hashed("another horse 43"), by=cast.clerk.actor, at=NOON
    )
    assert users.by_cookie(session, cookie, at=NOON) is None
    assert users.log_in(session, "chen", "another horse 43") == cast.clerk
    with pytest.raises(WrongPassword):
        users.log_in(session, "chen", PASSWORD)


def test_a_visit_that_ended_ends_no_other(session: Session, cast: Cast) -> None:
    here, there = (users.begin_visit(session, cast.clerk, at=NOON) for _ in range(2))
    users.end_visit(session, here)
    assert users.by_cookie(session, here, at=NOON) is None
    assert users.by_cookie(session, there, at=NOON) == cast.clerk


def test_a_visit_ends_after_thirty_days_and_is_forgotten_at_the_next(
    session: Session, cast: Cast
) -> None:
    cookie = users.begin_visit(session, cast.clerk, at=NOON)
    last = NOON + users.VISIT_LIFE - timedelta(seconds=1)
    assert users.by_cookie(session, cookie, at=last) == cast.clerk
    assert users.by_cookie(session, cookie, at=NOON + users.VISIT_LIFE) is None
    users.begin_visit(session, cast.clerk, at=NOON + users.VISIT_LIFE)
    assert len(session.scalars(select(users.Visit)).all()) == 1


def test_the_key_of_a_visit_is_kept_nowhere(session: Session, cast: Cast) -> None:
    cookie = users.begin_visit(session, cast.clerk, at=NOON)
    assert cookie not in str([vars(visit) for visit in session.scalars(select(users.Visit))])


def test_who_proved_an_old_password_does_not_come_in(session: Session, cast: Cast) -> None:
    seen = User(id=cast.clerk.id, password=cast.clerk.password)
    assert users.unchanged(session, seen) == cast.clerk
    users.change_password(session, cast.clerk, users.hashed(PASSWORD), by=HOUSE, at=NOON)
    with pytest.raises(WrongPassword):
        users.unchanged(session, seen)


def test_a_password_that_is_too_short_is_never_hashed() -> None:
    with pytest.raises(users.PasswordTooShort):
        users.hashed("123456789")


def test_accounts_are_listed_by_name_page_after_page(session: Session, cast: Cast) -> None:
    first, second = hire(session, "zzz"), hire(session, "aaa")
    first.name = second.name = "同名"
    session.flush()
    found: list[User] = []
    while page := users.listed(session, after=found[-1].id if found else None, limit=2):
        found += page
    assert len(found) == 7
    assert found == users.listed(session, after=None, limit=10)
    assert [user.login for user in found if user.name == "同名"] == ["zzz", "aaa"]
    assert [user.id for user in found] != sorted(user.id for user in found)


@pytest.mark.parametrize("cookie", ["", ":", "1", "x:y", "²:x", "卷宗", "\x01"])
def test_a_made_up_cookie_is_nobody(session: Session, cast: Cast, cookie: str) -> None:
    assert users.by_cookie(session, cookie, at=NOON) is None


def test_a_closed_account_has_neither_cookie_nor_key(session: Session, cast: Cast) -> None:
    cookie = users.begin_visit(session, cast.clerk, at=NOON)
    key = users.issue_token(session, cast.clerk, "scanner", by=HOUSE, at=NOON)
    users.close(session, cast.clerk, by=cast.administrator.actor, at=NOON)
    assert users.by_cookie(session, cookie, at=NOON) is None
    assert users.by_token(session, key) is None
    with pytest.raises(WrongPassword):
        users.log_in(session, "chen", PASSWORD)


def test_the_last_administrator_stays(session: Session, cast: Cast) -> None:
    with pytest.raises(LastAdministrator):
        users.close(session, cast.administrator, by=cast.administrator.actor, at=NOON)
    second = hire(session, "second", Role.ADMINISTRATOR)
    users.close(session, cast.administrator, by=second.actor, at=NOON)
    with pytest.raises(LastAdministrator):
        users.close(session, second, by=second.actor, at=NOON)


def test_people_are_found_by_the_beginning_of_name_log_in_or_department(
    session: Session, cast: Cast
) -> None:
    cast.reader.department = "Legal 50%"
    session.flush()
    for typed in ("李", "LI", "legal", "legal 50%"):
        assert users.named(session, typed) == [cast.reader]
    assert len(users.named(session, "")) == 4
    for typed in ("%", "_", "\\", "%%", "l_", "sun", "孙"):
        assert users.named(session, typed) == []


def test_everyone_may_do_what_the_table_of_rights_says_and_a_closed_account_nothing(
    cast: Cast,
) -> None:
    for deed, roles in RIGHTS.items():
        for person in (cast.administrator, cast.archivist, cast.clerk, cast.reader):
            assert access.may(person, deed) == (person.role in roles)
        assert not access.may(cast.stranger, deed)
        assert not access.may(None, deed)
        with pytest.raises(NotAllowed):
            access.require(cast.stranger, deed)


def hire(session: Session, login: str, role: Role = Role.STAFF) -> User:
    return users.create(
        session, login=login, name="", password=users.hashed(PASSWORD), role=role, by=HOUSE, at=NOON
    )
