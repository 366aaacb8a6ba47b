"""The cast: who acts in the tests."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive import users
from archive.base import web
from archive.base.ledger import HOUSE
from archive.users import Role, User

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, noon in Shanghai
PASSWORD = "correct horse 42"

CAST = {
    "zhao": ("赵敏", Role.ADMINISTRATOR),
    "wang": ("王芳", Role.ARCHIVIST),
    "chen": ("陈静", Role.CLERK),
    "li": ("李雷", Role.STAFF),
    # Her account is closed: she is refused everywhere.
    "sun": ("孙丽", Role.STAFF),
}


@dataclass(frozen=True)
class Cast:
    """Everyone's account."""

    administrator: User
    archivist: User
    clerk: User
    reader: User
    stranger: User


def hire(session: Session) -> Cast:
    """Make everyone's account; the stranger's is closed again."""
    made = [
        users.create(
            session,
            login=login,
            name=name,
            password=users.hashed(PASSWORD),
            role=role,
            by=HOUSE,
            at=NOON,
        )
        for login, (name, role) in CAST.items()
    ]
    users.close(session, made[-1], by=HOUSE, at=NOON)
    return Cast(*made)


class Visitor:
    """Someone at the JSON door, with a key of their own, or with none."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self._headers = {"Accept-Language": "en"}
        if user is not None:
            house: web.House = app.extensions[web.HOUSE_KEY]
            with house.database.writing() as session:
                known = session.get_one(User, user.id)
                key = users.issue_token(session, known, "tests", by=HOUSE, at=NOON)
            self._headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **query: object) -> "Reply":
        answer = self.client.get(f"{web.API}{path}", query_string=query, headers=self._headers)
        return Reply(answer.status_code, answer.get_json(silent=True) or {})

    def post(self, path: str, **body: object) -> "Reply":
        answer = self.client.post(f"{web.API}{path}", json=body, headers=self._headers)
        return Reply(answer.status_code, answer.get_json(silent=True) or {})

    def send(self, path: str, **form: object) -> "Reply":
        """Post as a multipart form: uploads."""
        answer = self.client.post(
            f"{web.API}{path}", data=form, headers=self._headers,
            content_type="multipart/form-data",
        )  # fmt: skip
        return Reply(answer.status_code, answer.get_json(silent=True) or {})


@dataclass(frozen=True)
class Reply:
    """What the JSON door answered."""

    status: int
    data: Any
