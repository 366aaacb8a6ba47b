"""Doors: a view that is written once and stands at two addresses, page and JSON."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue

from archive.base.web.forms import Form
from archive.base.web.house import API, close_session, house, session, wants_json

FORM_MEGABYTES = 1

Data = Mapping[str, Any]
View = Callable[..., "Answer"]
FileView = Callable[..., Response]


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
    megabytes: int | None = FORM_MEGABYTES  # the most that is sent; None: as the settings say
    media_type: str = "application/json"


def measure() -> None:
    """Before each request: let in as much as this address takes from this person, and no more.

    Nothing of an upload is received before the right to it was asked for.

    Raises:
        LoginNeeded, NotAllowed: whoever sends it may not.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    operation: Operation | None = vars(view).get("operation") if view else None
    megabytes: int | None = FORM_MEGABYTES
    if operation and operation.uploads and request.method == "POST":
        house().guard(operation.deed)
        megabytes = operation.megabytes
    request.max_content_length = (megabytes or house().settings.upload_megabytes) << 20


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
        self,
        rule: str,
        *,
        may: str,
        form: type[Form] | None = None,
        uploads: str = "",
        megabytes: int | None = FORM_MEGABYTES,
    ) -> Callable[[View], View]:
        """A view that does something; with a form, the page also shows it.

        `uploads` names the field of files it takes, `megabytes` how much at most; None leaves
        that to the settings.
        """
        sends = Operation(rule, "POST", may, "", "", form, (), uploads, megabytes)
        return self._both(sends)

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


def _answering(view: View, operation: Operation) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def answer(**path: Any) -> ResponseReturnValue:
        g.person = house().guard(operation.deed)
        with _committing():
            told = _ask(view, path) if operation.form else view(**path)
        return _tell(told)

    # Where `measure` finds what this address takes.
    answer.__dict__["operation"] = operation
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
