"""Juanzong's front door: the application with its doors, the table of refusals, the program."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask, Request, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from archive import access, categories, users
from archive import commands as archive_commands
from archive import parties as party_cards
from archive.base import errors, serving, settings, tasks, terminal, web
from archive.base.db import now, open_database, refusal_of
from archive.base.errors import N_
from archive.base.files import FULL, LocalFiles
from archive.base.settings import Settings
from archive.base.tasks import Duties, HueyQueue
from archive.base.terminal import Program, said_by
from archive.documents import KIND_NAMES
from archive.routes import (
    accounts,
    covers,
    describing,
    description,
    documents,
    entrance,
    filing_plan,
    folders,
    handbook,
    history,
    home,
    loans,
    locations,
    parties,
    patterns,
    plans,
    refiling,
    volumes,
)
from archive.users import Role
from labels import commands as label_commands
from labels import refusals
from labels import routes as label_routes
from labels.bindery import commands as bindery_commands
from labels.bindery import routes as bindery_routes
from labels.bindery import stamping
from scanning import commands as scanning_commands
from scanning import routes as scanning_routes
from scanning.devices import scanners
from scanning.devices.errors import NothingCame
from scanning.errors import Unreadable
from scanning.fetching.folder import WatchedFolder
from scanning.fetching.mailbox import Mail
from scanning.fetching.stand import Stand
from scanning.making import STAMPER, WORKSHOP
from scanning.readingroom import ReadingRoom
from scanning.workshop import Workshop
from search import commands as search_commands
from search import routes as search_routes
from search.engines import EngineUnknown, IndexBusy, IndexTorn, open_index
from search.follow import INDEX, Follower

DOORS = (
    home.door, scanning_routes.door, search_routes.door, folders.door, locations.door, plans.door,
    volumes.door, patterns.door, parties.door, documents.door, refiling.door, describing.door,
    covers.door, loans.door,
    filing_plan.door, history.door, accounts.door, label_routes.door, bindery_routes.door,
)  # fmt: skip

COMMANDS: tuple[click.Command, ...] = (
    *archive_commands.COMMANDS,
    *scanning_commands.COMMANDS,
    *search_commands.COMMANDS,
    *label_commands.COMMANDS,
    *bindery_commands.COMMANDS,
)

# What each refusal is in HTTP; the first class that fits counts. On the command line each is 1.
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (web.LoginNeeded, 401),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooLarge, 413),
    (errors.Invalid, 422),
    (errors.NoRoom, 507),
    (errors.Busy, 503),
    (errors.Refusal, 409),
    (Unreadable, 422),
    (NothingCame, 422),
    (refusals.Refusal, 422),
    (EngineUnknown, 422),
    (IndexTorn, 503),
    (IndexBusy, 503),
)

# What HTTP itself refuses: the sentence for people at a page, and the one for programs.
UNREADABLE = (
    N_("What was sent cannot be read. Load the page again and try again."),
    N_("What was sent cannot be read. Send it as /api/v1/openapi.json describes it."),
)
SENTENCES = {
    400: UNREADABLE,
    404: (
        N_("There is no such page. Check the address, or search."),
        N_("There is nothing at this address. Look it up in /api/v1/openapi.json."),
    ),
    405: (
        N_("This address does not do that. Use the buttons of the page."),
        N_("This address does not take this method. Look it up in /api/v1/openapi.json."),
    ),
    415: UNREADABLE,
}
BROKEN = N_("The server could not answer. Tell the administrator what you did.")

# Stands in the navigation only where the server can talk to scanners.
SCANNERS = "scanning.list_scanners"

# What stands in the navigation: right, endpoint, name.
NAVIGATION = (
    ("papers.receive", "scanning.inbox", N_("Inbox")),
    ("papers.receive", SCANNERS, N_("Scanners")),
    ("papers.see", "finding.search", N_("Search")),
    ("folders.lend", "folders.scan", N_("Scan")),
    ("folders.see", "folders.list_folders", N_("Folders")),
    ("folders.see", "volumes.list_volumes", N_("Volumes")),
    ("folders.see", "locations.list_locations", N_("Places")),
    ("parties.see", "parties.list_parties", N_("Parties")),
    ("folders.see", "loans.list_loans", N_("Loans")),
    ("papers.see", "accounts.mine", N_("My account")),
    ("ledger.see", "history.ledger_page", N_("Ledger")),
    ("accounts.manage", "accounts.list_accounts", N_("Accounts")),
)

# The duties that bring papers in, and how many seconds lie between two looks.
STEADY = {"watch": 3.0, "mail": 60.0, "scan": 60.0, "tidy": 3600.0}

# Days and times in lists: the same for all readers, and like the dates of papers (ISO 8601).
DATE_FORMATS = {"date.short": "yyyy-MM-dd", "datetime.short": "yyyy-MM-dd HH:mm"}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def create_app(given: Settings | None = None) -> Flask:
    """The application; its data folder is made and its schema brought up to date."""
    told = given or settings.load()
    app = Flask(__name__, static_folder="templates/static", template_folder="templates")
    database = open_database(told)
    with database.reading() as session:
        is_founded = categories.is_founded(session, told.fonds_code)
    # Looking alone keeps no command waiting for whoever writes just now.
    if not is_founded:
        with database.writing() as session:
            categories.found(session, told.fonds_code, told.fonds_name, at=now())
            party_cards.furnish(session)
    files = LocalFiles(told.data / "files")
    app.config.update(
        SECRET_KEY=settings.secret_key(told),
        MAX_CONTENT_LENGTH=told.upload_megabytes << 20,
        SESSION_COOKIE_NAME="juanzong",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=told.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "templates/translations"),
        BABEL_DEFAULT_TIMEZONE=told.timezone,
        BABEL_DEFAULT_LOCALE=told.language,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.request_class = _spooling_to(files.incoming)
    app.extensions[web.HOUSE_KEY] = web.House(
        settings=told,
        database=database,
        files=files,
        queue=HueyQueue(told.data / "queue.db"),
        guard=entrance.guard,
        refusals=tuple(refusal for refusal, _status in STATUS),
        status_of=status_of,
    )
    app.extensions[INDEX] = open_index(told.data / "index", told.search_engine)
    # One child may bind a thick paper for minutes while the other draws pages.
    app.extensions[STAMPER] = stamping.stamped
    app.extensions[WORKSHOP] = Workshop(2, told.page_seconds, told.page_megabytes)
    _open_doors(app)
    _meet_refusals(app)
    if told.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=told.proxies, x_proto=told.proxies)  # type: ignore[method-assign]
    return app


def status_of(refusal: Exception) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def reader_language() -> str:
    """The language of whoever reads what this process says now."""
    return entrance.language() if request else web.house().settings.language


def duties(app: Flask) -> Duties:
    """What this house's worker does."""
    house: web.House = app.extensions[web.HOUSE_KEY]
    room, stand = ReadingRoom(house), Stand(house)
    follower = Follower(house.database, app.extensions[INDEX])
    sources = dict(_sources(house))

    def start() -> None:
        room.start()
        stand.start()

    def stop() -> None:
        for part in (stand, *sources.values(), room):
            part.close()

    return Duties(
        by_name={
            "release": tasks.Alone(1, room.release_left),
            "open": tasks.Alone(1, room.open_next),
            "finish": tasks.Alone(1, room.finish_next),
            "follow": tasks.Alone(1, follower.step),
            "back": tasks.Alone(1, room.back_next),
            "read": tasks.Alone(house.settings.readers, room.read_next),
            "scan": tasks.Alone(2, stand.step),
            "tidy": house.files.tidy,
            **{name: tasks.Alone(1, source.step) for name, source in sources.items()},
        },
        long="read",
        start=start,
        stop=stop,
        followed=follower.with_now,
        steady={name: STEADY[name] for name in ("scan", "tidy", *sources)},
    )


def _sources(house: web.House) -> Iterator[tuple[str, WatchedFolder | Mail]]:
    """The sources that this house has, by their duties."""
    if house.settings.watched_folder:
        yield "watch", WatchedFolder(house, house.settings.watched_folder)
    if house.settings.mail_host:
        yield "mail", Mail(house)


def greeting(app: Flask) -> str:
    """The address; while there is no account, also the link that makes the first administrator."""
    house: web.House = app.extensions[web.HOUSE_KEY]
    address = house.settings.address
    with house.database.writing() as session:
        if not users.is_empty(session):
            return f"卷宗 Juanzong  {address}"
        users.void_invitations(session, at=now())
        key = users.invite(session, Role.ADMINISTRATOR, at=now())
    first = terminal.translate(
        N_("Make the first administrator here; the link works once, for three days:")
    )
    return f"卷宗 Juanzong  {address}\n\n{first}\n    {address}/welcome/{key}\n"


def _open_doors(app: Flask) -> None:
    formats = Babel.default_date_formats | DATE_FORMATS
    Babel(app, locale_selector=reader_language, date_formats=formats)
    app.url_map.converters["int"] = web.RowNumber
    entrance.logins.init_app(app)
    # Before the token is looked for in a form, which means receiving all of its files.
    app.before_request(entrance.keep_strangers_out)
    app.before_request(web.measure)
    csrf = CSRFProtect(app)
    entrance.limiter.init_app(app)
    app.register_blueprint(entrance.page)
    for door in DOORS:
        app.register_blueprint(door.page)
        app.register_blueprint(door.api)
        # JSON is asked for with a token in a header, which no other site can make a browser send.
        csrf.exempt(door.api)
    app.register_blueprint(description.page)
    app.register_blueprint(handbook.page)
    description.describe(app, DOORS)
    app.teardown_appcontext(web.close_session)
    app.after_request(_add_headers)
    app.context_processor(_for_every_page)
    app.add_template_filter(said)
    app.add_template_filter(history.sentence, "sentence")


def _meet_refusals(app: Flask) -> None:
    for kind, _status in STATUS:
        app.register_error_handler(kind, _refuse)
    app.register_error_handler(CSRFError, _refuse_forgery)
    app.register_error_handler(RequestEntityTooLarge, _refuse_size)
    app.register_error_handler(RateLimitExceeded, _refuse_haste)
    app.register_error_handler(OperationalError, _refuse_trouble)
    app.register_error_handler(OSError, _refuse_full_disk)
    app.register_error_handler(DataError, _refuse_value)
    app.register_error_handler(ParseException, _refuse_torn)
    app.register_error_handler(HTTPException, _refuse_http)


def _refuse(refusal: Exception) -> ResponseReturnValue:
    web.close_session()
    status = status_of(refusal)
    if status == 401 and not web.wants_json():
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("entrance.login", next=wanted), 303)
    return _say(status, said(refusal), getattr(refusal, "errors", None))


def _refuse_forgery(_error: CSRFError) -> ResponseReturnValue:
    return _say(400, _("This page is too old to be sent. Load it again, then send it once more."))


def _refuse_size(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    most = request.max_content_length or 0
    if request.content_length is not None and request.content_length <= most:
        return _refuse(errors.TooManyParts())
    return _refuse(errors.TooLarge(megabytes=most >> 20))


def _refuse_haste(_error: RateLimitExceeded) -> ResponseReturnValue:
    return _say(429, _("Too many attempts. Wait a minute, then try again."))


def _refuse_full_disk(error: OSError) -> ResponseReturnValue:
    if error.errno not in FULL:
        raise error
    return _refuse(errors.NoRoom())


def _refuse_trouble(error: OperationalError) -> ResponseReturnValue:
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    return _refuse(refusal)


def _refuse_value(_error: DataError) -> ResponseReturnValue:
    """A value that passed its form, but not the database: one that is too long in the end."""
    return _refuse(errors.Invalid())


def _refuse_torn(_error: Exception) -> ResponseReturnValue:
    """A body that does not keep to HTTP, which is seen only while it is received."""
    return _refuse_http(BadRequest())


def _refuse_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    to_people, to_programs = SENTENCES.get(status, (BROKEN, BROKEN))
    return _say(status, _(to_programs if web.is_api() else to_people))


def _say(status: int, sentence: str, fields: dict[str, Any] | None = None) -> ResponseReturnValue:
    if web.wants_json():
        told = {"error": sentence, "fields": fields} if fields else {"error": sentence}
        return jsonify(told), status
    return render_template("error.html", status=status, sentence=sentence), status


def said(refusal: object) -> str:
    """A refusal, or a problem that a record keeps, in the reader's language."""
    return said_by(_, refusal)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _for_every_page() -> dict[str, Any]:
    person = g.get("person") or (current_user if current_user.is_authenticated else None)
    nav = [
        (url_for(endpoint), _(name), request.endpoint == endpoint)
        for deed, endpoint, name in NAVIGATION
        if access.may(person, deed) and (endpoint != SCANNERS or scanners.available())
    ]
    return {
        "nav": nav,
        "person": person,
        "longest_question": search_routes.LONGEST,
        "may": lambda deed: access.may(person, deed),
        "kind_name": lambda kind: _(KIND_NAMES.get(kind, kind)) if kind else "",
        "retention_name": lambda key: _(categories.RETENTIONS[key]),
        "lang": str(get_locale())[:2],
    }


def _spooling_to(folder: Path) -> type[Request]:
    """Requests whose uploads wait on the disk where they will be kept, not in /tmp."""
    return type("SpoolingRequest", (SpoolingRequest,), {"folder": folder})


class SpoolingRequest(Request):
    """A request that writes uploads of any size straight to the disk."""

    folder: Path

    def _get_file_stream(self, *_sizes: Any, **_names: Any) -> Any:
        return tempfile.TemporaryFile(dir=self.folder, prefix="upload-")


@click.group()
@click.version_option(package_name="juanzong")
def juanzong() -> None:
    """卷宗 Juanzong: the server of a company's paper-archive room."""


for _command in (*COMMANDS, *serving.COMMANDS):
    juanzong.add_command(_command)

PROGRAM = Program(
    create_app=create_app,
    duties=duties,
    greeting=greeting,
    refusals=tuple(kind for kind, _status in STATUS),
)


def main() -> None:
    """The program `juanzong`: exit code 0 when all went well, 1 refused or failed, 2 wrong call."""
    sys.exit(terminal.run(juanzong, PROGRAM, sys.argv[1:]))


if __name__ == "__main__":
    main()
