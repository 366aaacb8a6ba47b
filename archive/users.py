"""Accounts: who may log in, with which role, who is in, and the tokens of programs."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import ForeignKey, Index, String, delete, func, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from archive.base.ledger import HOUSE, Actor, Subject

SHORTEST_PASSWORD = 10
LONGEST_LOGIN = 60
LONGEST_NAME = 100  # of a person, a department, an API key
LINK_LIFE = timedelta(days=3)
VISIT_LIFE = timedelta(days=30)
_hasher = PasswordHasher()
# Checked when nobody has the name, so that a wrong name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(8))

# A password as it is kept. Making one is slow on purpose: the rules that write take it ready made,
# so that it is made before the database is held.
Hashed = NewType("Hashed", str)


class Role(StrEnum):
    """What a person is in the archive room; `access.RIGHTS` says what each may do."""

    ADMINISTRATOR = "administrator"
    ARCHIVIST = "archivist"
    CLERK = "clerk"
    STAFF = "staff"


ROLE_NAMES = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.ARCHIVIST: N_("Archivist"),
    Role.CLERK: N_("Clerk"),
    Role.STAFF: N_("Staff"),
}


class WrongPassword(NotAllowed):
    text = N_("The name or the password is wrong. Try again.")


class NameTaken(Conflict):
    text = N_("There is already an account named %(login)s. Choose another name.")


class NotALogin(Invalid):
    text = N_("A log-in name has 1 to %(longest)s characters and no spaces. Choose another name.")


class PasswordTooShort(Invalid):
    text = N_("The password has fewer than %(shortest)s characters. Choose a longer one.")


class NoSuchAccount(NotFound):
    text = N_("There is no account with this number. Search for the person by name.")


class NoSuchLogin(NotFound):
    text = N_("There is no account with the log-in name %(login)s. Check how it is written.")


class NoSuchToken(NotFound):
    text = N_("You have no such API key. Look at those that your account has.")


class ClosedAlready(Conflict):
    text = N_("The account of %(name)s is closed already. There is nothing left to do.")


class LastAdministrator(Conflict):
    text = N_("This is the last administrator. Make another account an administrator first.")


class LinkSpent(NotFound):
    text = N_(
        "This link was already used or is too old. "
        "Ask for a new one: “juanzong user invite” on the server makes it."
    )


class User(Record):
    """An account."""

    __tablename__ = "user_account"
    __table_args__ = (
        Index("uq_user_account_login", "login", unique=True),
        Index("ix_user_account_name", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(LONGEST_LOGIN))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    department: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    role: Mapped[Role] = mapped_column(String(20))
    password: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]

    # The key of the visit in which this person is here now; the cookie holds it, no column does.
    visit = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name)

    @property
    def subject(self) -> Subject:
        return Subject("user", self.id)

    # What Flask-Login asks of an account.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.visit


class Visit(Record):
    """One browser's stay, from log-in to log-out. Only the digest of its key is kept."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]


class ApiToken(Record):
    """A program's key. Only its digest is kept: the key is shown once."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    label: Mapped[str] = mapped_column(String(LONGEST_NAME))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Invitation(Record):
    """A one-time link that makes an account: how the first administrator comes in."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def create(
    session: Session,
    *,
    login: str,
    name: str,
    password: Hashed,
    role: Role,
    by: Actor,
    at: datetime,
    department: str = "",
) -> User:
    """Make an account.

    Raises:
        NotALogin: it is empty, too long, or has spaces or signs that cannot be seen.
        NameTaken: someone has that login already (case does not matter).
    """
    login = login.strip().lower()
    if not 0 < len(login) <= LONGEST_LOGIN or " " in login or not login.isprintable():
        raise NotALogin(longest=LONGEST_LOGIN)
    if session.scalar(select(User.id).where(User.login == login)):
        raise NameTaken(login=login)
    user = User(
        login=login,
        name=_shown(name)[:LONGEST_NAME] or login,
        department=_shown(department)[:LONGEST_NAME],
        role=role,
        password=password,
        made_at=at,
    )
    session.add(user)
    session.flush()
    ledger.record(session, "user.created", user.subject, by=by, at=at, login=login, role=str(role))
    return user


def log_in(session: Session, login: str, password: str) -> User:
    """The account whose name and password these are.

    Raises:
        WrongPassword: no active account has both.
    """
    user = session.scalar(select(User).where(User.login == login.strip().lower()))
    try:
        _hasher.verify(user.password if user else _NOBODY, password)
    except VerifyMismatchError as error:
        raise WrongPassword from error
    if user is None or not user.is_active:
        raise WrongPassword
    return user


def change_password(
    session: Session, user: User, password: Hashed, *, by: Actor, at: datetime
) -> None:
    """Set a new password; every visit and every API key of the account ends with it."""
    user.password = password
    _end_visits(session, user)
    keys = update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    session.execute(keys.values(revoked_at=at))
    ledger.record(session, "user.password_changed", user.subject, by=by, at=at)


def unchanged(session: Session, seen: User) -> User:
    """The account whose password was checked before this session began.

    Raises:
        WrongPassword: its password was changed since, or the account closed.
    """
    user = session.get(User, seen.id)
    if user is None or not user.is_active or user.password != seen.password:
        raise WrongPassword
    return user


def begin_visit(session: Session, user: User, *, at: datetime) -> str:
    """Let a person who proved who they are come in: the key that the browser's cookie holds."""
    old = delete(Visit).where(Visit.user_id == user.id, Visit.began_at <= at - VISIT_LIFE)
    session.execute(old)
    user.visit = secrets.token_urlsafe(24)
    session.add(Visit(user_id=user.id, digest=_digest(user.visit), began_at=at))
    return user.visit


def end_visit(session: Session, key: str) -> None:
    """Let a person go: whoever kept a copy of the cookie has nothing any more."""
    session.execute(delete(Visit).where(Visit.digest == _digest(key)))


def by_cookie(session: Session, key: str, *, at: datetime) -> User | None:
    """The account of a visit that was not ended since."""
    query = select(User).join(Visit, Visit.user_id == User.id)
    query = query.where(Visit.digest == _digest(key), Visit.began_at > at - VISIT_LIFE)
    user = session.scalar(query.where(User.is_active))
    if user is not None:
        user.visit = key
    return user


def by_token(session: Session, token: str) -> User | None:
    """The account for which a program with this key acts."""
    found = session.scalar(
        select(ApiToken).where(ApiToken.digest == _digest(token), ApiToken.revoked_at.is_(None))
    )
    return found.user if found and found.user.is_active else None


def issue_token(session: Session, user: User, label: str, *, by: Actor, at: datetime) -> str:
    """A new key for a program that acts for this account: shown now and never again."""
    token, label = f"jz_{secrets.token_urlsafe(32)}", label.strip()[:LONGEST_NAME]
    session.add(ApiToken(user_id=user.id, label=label, digest=_digest(token), made_at=at))
    ledger.record(session, "user.token_issued", user.subject, by=by, at=at, label=label)
    return token


def revoke_token(session: Session, token: ApiToken, *, by: Actor, at: datetime) -> None:
    """End a program's key."""
    if token.revoked_at is None:
        token.revoked_at = at
        subject = Subject("user", token.user_id)
        ledger.record(session, "user.token_revoked", subject, by=by, at=at, label=token.label)


def tokens_of(session: Session, user: User) -> list[ApiToken]:
    """The account's keys that still work, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    return list(session.scalars(query.order_by(ApiToken.id.desc())))


def invite(session: Session, role: Role, *, at: datetime) -> str:
    """A one-time key that makes an account of this role."""
    key = secrets.token_urlsafe(24)
    session.add(Invitation(digest=_digest(key), role=role, expires_at=at + LINK_LIFE))
    ledger.record(session, "user.invited", by=HOUSE, at=at, role=str(role))
    return key


def void_invitations(session: Session, *, at: datetime) -> None:
    """Let no link that is still open make an account any more."""
    unused = update(Invitation).where(Invitation.used_at.is_(None))
    session.execute(unused.values(used_at=at))


def invitation(session: Session, key: str, *, at: datetime) -> Invitation:
    """The invitation that a key opens.

    Raises:
        LinkSpent: it was used, is too old, or never was.
    """
    found = session.scalar(
        select(Invitation).where(Invitation.digest == _digest(key)).with_for_update()
    )
    if found is None or found.used_at is not None or found.expires_at < at:
        raise LinkSpent
    return found


def accept(
    session: Session, key: str, *, login: str, name: str, password: Hashed, at: datetime
) -> User:
    """Make the account that an invitation promised; the link is spent with it."""
    opened = invitation(session, key, at=at)
    opened.used_at = at
    if is_empty(session):
        # What else was printed for the first administrator must not make a second one.
        void_invitations(session, at=at)
    return create(
        session, login=login, name=name, password=password, role=opened.role, by=HOUSE, at=at
    )


def token_of(session: Session, user: User, number: int) -> ApiToken:
    """One of the account's keys. Raises NoSuchToken."""
    found = session.get(ApiToken, number)
    if found is None or found.user_id != user.id:
        raise NoSuchToken
    return found


def by_id(session: Session, number: int) -> User:
    """The account with this id. Raises NoSuchAccount."""
    found = session.get(User, number)
    if found is None:
        raise NoSuchAccount
    return found


def by_login(session: Session, login: str) -> User:
    """The account with this log-in name. Raises NoSuchLogin."""
    found = session.scalar(select(User).where(User.login == login.strip().lower()))
    if found is None:
        raise NoSuchLogin(login=login.strip()[:60])
    return found


def by_full_name(session: Session, typed: str) -> User | None:
    """The one active account with this name or log-in name; None when there is none or several."""
    typed = typed.strip().lower()
    same = (func.lower(User.name) == typed) | (User.login == typed)
    found = session.scalars(select(User).where(User.is_active, same).limit(2)).all()
    return found[0] if len(found) == 1 else None


def listed(session: Session, *, after: int | None, limit: int) -> list[User]:
    """Accounts by name, those after a given one's."""
    query = select(User).order_by(User.name, User.id).limit(limit)
    last = session.get(User, after) if after else None
    if last:
        query = query.where(tuple_(User.name, User.id) > (last.name, last.id))
    return list(session.scalars(query))


def close(session: Session, user: User, *, by: Actor, at: datetime) -> None:
    """End an account: nobody can log in with it, its history stays.

    Raises:
        ClosedAlready: it is closed.
        LastAdministrator: nobody would be left to manage accounts.
    """
    if not user.is_active:
        raise ClosedAlready(name=user.name)
    others = select(User.id).where(
        User.role == Role.ADMINISTRATOR, User.is_active, User.id != user.id
    )
    if user.role == Role.ADMINISTRATOR and session.scalar(others.limit(1)) is None:
        raise LastAdministrator
    user.is_active = False
    _end_visits(session, user)
    ledger.record(session, "user.closed", user.subject, by=by, at=at, login=user.login)


def is_empty(session: Session) -> bool:
    """Whether nobody has an account yet."""
    return session.scalar(select(User.id).limit(1)) is None


def named(session: Session, typed: str, *, limit: int = 10) -> list[User]:
    """Active accounts whose name, login or department begins with what was typed."""
    typed = typed.strip().lower()
    query = select(User).where(User.is_active)
    if typed:
        query = query.where(
            func.lower(User.name).startswith(typed, autoescape=True)
            | User.login.startswith(typed, autoescape=True)
            | func.lower(User.department).startswith(typed, autoescape=True)
        )
    return list(session.scalars(query.order_by(User.name, User.id).limit(limit)))


def hashed(password: str) -> Hashed:
    """A new password as it is kept; takes a tenth of a second, on purpose.

    Raises:
        PasswordTooShort: it has too few characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(shortest=SHORTEST_PASSWORD)
    return Hashed(_hasher.hash(password))


def _shown(typed: str) -> str:
    """A name as it is shown: no signs that cannot be seen, such as those that turn a line round."""
    return " ".join("".join(c if c.isprintable() else " " for c in typed).split())


def _end_visits(session: Session, user: User) -> None:
    session.execute(delete(Visit).where(Visit.user_id == user.id))


def _digest(secret: str) -> str:
    # The secrets are long and random, so a plain hash is enough and a login stays quick.
    return hashlib.sha256(secret.encode()).hexdigest()
