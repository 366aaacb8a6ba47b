"""The web's house: what the doors share, and what one request holds and asks for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from flask import (
    current_app,
    g,
    has_request_context,
    request,
)
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

from archive.base.db import Database, now
from archive.base.errors import N_, Invalid, NotAllowed
from archive.base.files import Files
from archive.base.ledger import Actor
from archive.base.settings import Settings
from archive.base.tasks import Queue

API = "/api/v1"
MOST_NUMBER = (1 << 31) - 1  # A record's number is four bytes in PostgreSQL.
# Control characters and torn halves of characters, which no paper has and no database keeps;
# hand scanners and copied texts bring them along.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
HOUSE_KEY = "juanzong"
PLAIN_VALUE = N_("Write a text or a number here, no list and no object.")


class Person(Protocol):
    """What a door needs to know of whoever asks."""

    id: int
    name: str

    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True)
class House:
    """What the doors share in one process."""

    settings: Settings
    database: Database
    files: Files
    queue: Queue
    # Whoever asks, if they may do the deed; raises NotAllowed, or LoginNeeded.
    guard: Callable[[str], Person]
    # What each room refuses with, and the HTTP status that goes with it: app.py's table.
    refusals: tuple[type[Exception], ...]
    status_of: Callable[[Exception], int]


class RowNumber(IntegerConverter):
    """`<int:…>` of an address: a number that a record may have; others lead nowhere."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MOST_NUMBER)


class LoginNeeded(NotAllowed):
    """Nobody is logged in: pages lead to the log-in, JSON says 401."""

    text = N_("Nobody is logged in. Log in, or send a valid API key.")


class NotAnObject(Invalid):
    text = N_('What was sent is no JSON object. Send the values as {"name": "value"}.')


def house() -> House:
    """What the doors share."""
    shared: House = current_app.extensions[HOUSE_KEY]
    return shared


def session() -> Session:
    """This request's session: it writes unless the request only looks.

    Opened at first use, so that an upload of minutes does not hold the database meanwhile.
    """
    if "session" not in g:
        writes = has_request_context() and request.method not in ("GET", "HEAD")
        g.session = house().database.session(write=writes)
    opened: Session = g.session
    return opened


def close_session(_error: BaseException | None = None) -> None:
    """Give the request's session back; what was not committed is undone."""
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()


def me() -> Person:
    """Whoever asks. Only behind a door, which has checked that there is someone."""
    person: Person = g.person
    return person


def is_api() -> bool:
    """Whether a program asks, with a key in place of a cookie."""
    return request.path.startswith(f"{API}/")


def wants_json() -> bool:
    """Whether the answer is to be JSON: for programs, and for a page's own script."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return is_api() or best == "application/json"


def moment() -> datetime:
    """The present, in UTC."""
    return now()


def today() -> date:
    """The day it is where the archive stands."""
    return moment().astimezone(ZoneInfo(house().settings.timezone)).date()


def whole_number(name: str, default: int | None = None) -> int | None:
    """A number from the query string or the form; one that cannot be read counts as not given."""
    typed = request.values.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else default


def word(name: str, longest: int = 200) -> str:
    """A text from the query string, without the spaces around it."""
    return _seen(request.args.get(name, "")).strip()[:longest]


def sent() -> MultiDict[str, str] | None:
    """The values that were sent, as a form or as JSON; None when the request only looks.

    Raises:
        NotAnObject: JSON that is no object.
        Invalid: an object whose values are not plain.
    """
    if request.method != "POST":
        return None
    if not request.is_json:
        return MultiDict((name, _seen(text)) for name, text in request.form.items(multi=True))
    try:
        told = request.get_json()
    except RecursionError as error:
        raise NotAnObject from error
    if not isinstance(told, dict):
        raise NotAnObject
    if nested := [name for name, value in told.items() if isinstance(value, (list, dict))]:
        raise Invalid({_seen(name): [gettext(PLAIN_VALUE)] for name in nested})
    return MultiDict((name, _seen(str(value))) for name, value in told.items() if value is not None)


def _seen(text: str) -> str:
    return UNSEEN.sub("", text)
