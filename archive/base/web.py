"""The web's ground: doors that are page and JSON at once, forms, and what one request holds.

A view is written once and stands at two addresses: `/folders/<code>` answers with a page,
`/api/v1/folders/<code>` with JSON. Both ask the same right, check the same form and get the same
refusals. A view returns an `Answer`; it never commits: its door does, when the view came to an end.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import wraps
from io import BytesIO
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    has_request_context,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

from archive.base.db import Database, now
from archive.base.errors import N_, Invalid, NotAllowed
from archive.base.files import Files
from archive.base.ledger import Actor
from archive.base.settings import Settings
from archive.base.tasks import Queue
from archive.base.terminal import said_by

API = "/api/v1"
MOST_NUMBER = (1 << 31) - 1  # A record's number is four bytes in PostgreSQL.
# Control characters and torn halves of characters, which no paper has and no database keeps;
# hand scanners and copied texts bring them along.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
PLAIN_VALUE = N_("Write a text or a number here, no list and no object.")
HOUSE_KEY = "juanzong"

Data = Mapping[str, Any]
View = Callable[..., "Answer"]
FileView = Callable[..., Response]


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


class NotAnObject(Invalid):
    text = N_('What was sent is no JSON object. Send the values as {"name": "value"}.')


class LoginNeeded(NotAllowed):
    """Nobody is logged in: pages lead to the log-in, JSON says 401."""

    text = N_("Nobody is logged in. Log in, or send a valid API key.")


@dataclass
class Answer:
    """What a view found or did: `data` for JSON, a template or the next address for people."""

    data: Data
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    then: str = ""
    said: str = ""
    status: int = 200
    body: bytes = b""
    media_type: str = ""
    name: str = ""


@dataclass(frozen=True)
class Operation:
    """One method at one address: what the API's description tells."""

    rule: str
    method: str
    deed: str
    summary: str
    name: str
    form: "type[Form] | None" = None
    asks: tuple[str, ...] = ()  # what may stand in the query string
    uploads: str = ""  # the name of the multipart field that holds files
    media_type: str = "application/json"


def deliver(body: bytes, media_type: str, name: str, data: Data) -> Answer:
    """A file that was made: people get the file, JSON is told what is in it."""
    return Answer(data, body=body, media_type=media_type, name=name)


def after_commit(*duties: str) -> None:
    """Duties to nudge when this request's change is committed."""
    g.setdefault("duties", []).extend(duties)


def show(template: str, data: Data, **context: Any) -> Answer:
    """Something to look at."""
    return Answer(data, template=template, context=context)


def show_refused(template: str, refusal: Exception, **context: Any) -> Answer:
    """The page on which something was asked, once more, with its refusal and the right status."""
    g.status = house().status_of(refusal)
    return Answer({}, template=template, context={**context, "refusal": refusal})


def done(data: Data, then: str, said: str, *, status: int = 200) -> Answer:
    """Something was done: pages go on to `then` and say so there."""
    return Answer(data, then=then, said=said, status=status)


# What the form library says of single values, so that our catalogue has it.
FIELD_SENTENCES = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Not a valid date value."),
    N_("Not a valid integer value."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be between %(min)d and %(max)d characters long."),
)


class FieldWords:
    """Our catalogue in place of the form library's own."""

    def gettext(self, text: str) -> str:
        return str(gettext(text))

    def ngettext(self, _one: str, several: str, _number: int) -> str:
        # Every limit of ours is more than one.
        return self.gettext(several)


class Form(FlaskForm):
    """A form of a page, or the same values as JSON."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: object) -> FieldWords:
            return FieldWords()

    # Whether JSON may leave values out because the form begins with suggestions.
    suggests: ClassVar[bool] = False

    def __init__(self, **given: Any) -> None:
        if is_api():
            given["meta"] = {"csrf": False}
        if "formdata" not in given:
            given["formdata"] = sent()
        super().__init__(**given)
        self.is_refused = False
        # A form that is only shown beside the one that was sent was refused nothing.
        if "refusal" in g and given.get("formdata", True) is not None:
            self.refuse(g.refusal)

    def refuse(self, refusal: Exception) -> None:
        """Show the rule's refusal of what this form asked above its fields."""
        self.is_refused = True
        self.form_errors = [said_by(gettext, refusal)]
        g.status = house().status_of(refusal)

    def is_sent(self) -> bool:
        """Whether it was sent and its values can be used. Values that cannot stay in the form.

        Raises:
            Invalid: JSON whose values cannot be used.
        """
        if request.method != "POST" or self.is_refused:
            return False
        if self.validate():
            return True
        if wants_json():
            raise Invalid(dict(self.errors))
        g.status = 422
        return False


class Door:
    """The addresses of one concept, each a page and JSON."""

    def __init__(self, name: str) -> None:
        self.page = Blueprint(name, __name__)
        self.api = Blueprint(f"api_{name}", __name__, url_prefix=API)
        self.operations: list[Operation] = []

    def get(self, rule: str, *, may: str, asks: tuple[str, ...] = ()) -> Callable[[View], View]:
        """A view that looks; `asks` names what it takes from the query string."""
        return self._both(Operation(rule, "GET", may, "", "", asks=asks))

    def post(
        self, rule: str, *, may: str, form: type[Form] | None = None, uploads: str = ""
    ) -> Callable[[View], View]:
        """A view that does something; with a form, the page also shows it."""
        return self._both(Operation(rule, "POST", may, "", "", form=form, uploads=uploads))

    def file(self, rule: str, *, may: str, media_type: str) -> Callable[[FileView], FileView]:
        """A view that gives out a file: the same to people and to programs."""

        def fit(view: FileView) -> FileView:
            @wraps(view)
            def answer(**path: Any) -> Response:
                g.person = house().guard(may)
                return view(**path)

            operation = Operation(rule, "GET", may, "", "", media_type=media_type)
            self._hang(operation, view, answer, ("GET",))
            return view

        return fit

    def _both(self, operation: Operation) -> Callable[[View], View]:
        def fit(view: View) -> View:
            methods = ("GET", "POST") if operation.form else (operation.method,)
            self._hang(operation, view, _answering(view, operation), methods)
            return view

        return fit

    def _hang(
        self,
        operation: Operation,
        view: Callable[..., Any],
        answer: Callable[..., ResponseReturnValue],
        methods: tuple[str, ...],
    ) -> None:
        """Put an answer at both addresses, and note it for the API's description."""
        name = view.__name__
        self.page.add_url_rule(operation.rule, name, answer, methods=methods)
        self.api.add_url_rule(operation.rule, name, answer, methods=(operation.method,))
        summary = (view.__doc__ or "").strip().partition("\n")[0]
        called = f"{self.page.name}.{name}"
        self.operations.append(replace(operation, summary=summary, name=called))


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


def _answering(view: View, operation: Operation) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def answer(**path: Any) -> ResponseReturnValue:
        g.person = house().guard(operation.deed)
        with _committing():
            told = _ask(view, path) if operation.form else view(**path)
        return _tell(told)

    return answer


def _ask(view: View, path: dict[str, Any]) -> Answer:
    try:
        return view(**path)
    except house().refusals as refusal:
        status = house().status_of(refusal)
        if wants_json() or request.method != "POST" or status not in (403, 404, 409, 422):
            raise
        # The page is shown once more: what was typed is still in it, the refusal above it. What
        # the page itself is about may be what is not there: then that is refused again.
        close_session()
        g.refusal = refusal
        return view(**path)


@contextmanager
def _committing() -> Iterator[None]:
    yield
    if "session" in g and request.method == "POST" and g.get("status", 200) < 400:
        session().commit()
        for duty in ("follow", *g.get("duties", ())):
            house().queue.nudge(duty)


def _tell(told: Answer) -> ResponseReturnValue:
    if wants_json():
        return jsonify(told.data), told.status
    if told.body:
        file = BytesIO(told.body)
        return send_file(file, told.media_type, as_attachment=True, download_name=told.name)
    if told.then:
        if told.said:
            flash(told.said, "done")
        return redirect(told.then, 303)
    return render_template(told.template, **told.context), g.get("status", told.status)
