"""Coming in and going out: log-in, the first administrator's link, the choice of language."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user, logout_user
from wtforms import Field, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from archive import access, users
from archive.base import ledger, web
from archive.base.errors import Refusal
from archive.users import SHORTEST_PASSWORD, User

LANGUAGES = ("zh", "en")
P = ParamSpec("P")
R = TypeVar("R")
page = Blueprint("entrance", __name__)
logins = LoginManager()
limiter = Limiter(get_remote_address, storage_uri="memory://")


def password_to_set(label: str) -> Field:
    """The field of a new password."""
    return PasswordField(
        label,
        [InputRequired(), Length(min=SHORTEST_PASSWORD, max=200)],
        description=lazy_gettext("At least ten characters."),
    )


def password_again() -> Field:
    """The field beside `password` in which it is typed once more."""
    differ = lazy_gettext("The two passwords differ. Type both again.")
    return PasswordField(
        lazy_gettext("The same password again"), [InputRequired(), EqualTo("password", differ)]
    )


class LoginForm(web.Form):
    """Name and password."""

    login = StringField(lazy_gettext("Log-in name"), [DataRequired(), Length(max=60)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(), Length(max=200)])


class WelcomeForm(web.Form):
    """The account that an invitation makes."""

    login = StringField(
        lazy_gettext("Log-in name"),
        [DataRequired(), Length(max=60)],
        description=lazy_gettext("Letters and digits, e.g. zhang.wei"),
    )
    name = StringField(lazy_gettext("Your full name"), [DataRequired(), Length(max=100)])
    password = password_to_set(lazy_gettext("Password"))
    again = password_again()


def trying_passwords(view: Callable[P, R]) -> Callable[P, R]:
    """A view that checks a password: so many wrong ones a minute from one address, for one name."""
    by_address = limiter.shared_limit(
        "30/minute", "passwords", methods=["POST"], deduct_when=_failed
    )
    by_name = limiter.shared_limit(
        "10/minute", "password", key_func=_tried_name, methods=["POST"], deduct_when=_failed
    )
    return by_address(by_name(view))


def _failed(response: Response) -> bool:
    """Only what failed counts: a whole office may log in through one address."""
    return response.status_code >= 400


def _tried_name() -> str:
    """Whose password it is: what was typed at the log-in, else whoever is in."""
    own = getattr(g.get("person"), "login", "")
    return own or request.form.get("login", "").strip().lower()[:60]


def guard(deed: str) -> web.Person:
    """Whoever asks, who may do this deed.

    Raises:
        LoginNeeded: nobody is logged in, or the token is not known.
        NotAllowed: they may not.
    """
    person = _by_token() if web.is_api() else _by_cookie()
    if person is None:
        raise web.LoginNeeded
    return access.require(person, deed)


def keep_strangers_out() -> None:
    """Refuse what nobody known sends to a page before a byte of it is received.

    Raises:
        LoginNeeded: nobody is logged in.
    """
    open_to_all = request.blueprint in (None, page.name) or web.is_api()
    if request.method == "POST" and not open_to_all and _by_cookie() is None:
        raise web.LoginNeeded


def language() -> str:
    """The reader's language: the account's, the cookie's, the browser's, the house's.

    A program is answered in the language it asks for, whatever its account chose for the pages.
    """
    chosen = getattr(_known_person(), "language", "") or cookie.get("language", "")
    wanted = request.accept_languages.best_match(LANGUAGES)
    first, second = (wanted, chosen) if web.is_api() else (chosen, wanted)
    return first or second or web.house().settings.language


@logins.user_loader  # type: ignore[untyped-decorator]
def load_user(key: str) -> User | None:
    """The account of a cookie; read apart, so that looking at a cookie never locks anything."""
    with web.house().database.reading() as session:
        return users.by_cookie(session, key, at=web.moment())


@page.route("/login", methods=["GET", "POST"])
@trying_passwords
def login() -> ResponseReturnValue:
    """Log in."""
    form = LoginForm()
    if form.is_sent():
        try:
            # Checking a password is slow on purpose: nobody who writes waits for it.
            with web.house().database.reading() as looking:
                seen = users.log_in(looking, form.login.data or "", form.password.data or "")
            user = users.unchanged(web.session(), seen)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            subject = user.subject
            ledger.record(web.session(), "user.logged_in", subject, by=user.actor, at=web.moment())
            _come_in(user)
            return redirect(_next_page(), 303)
    return render_template("entrance/login.html", form=form), g.get("status", 200)


@page.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out; the cookie is worth nothing afterwards, whoever has a copy of it."""
    if current_user.is_authenticated:
        users.end_visit(web.session(), current_user.get_id())
        web.session().commit()
    logout_user()
    return redirect(url_for("entrance.login"), 303)


@page.route("/welcome/<key>", methods=["GET", "POST"])
@limiter.limit("60/minute")
def welcome(key: str) -> ResponseReturnValue:
    """Make the account that an invitation promised."""
    with web.house().database.reading() as looking:
        users.invitation(looking, key, at=web.moment())
    form = WelcomeForm()
    if form.is_sent():
        try:
            password = users.hashed(form.password.data or "")
            user = users.accept(
                web.session(),
                key,
                login=form.login.data or "",
                name=form.name.data or "",
                password=password,
                at=web.moment(),
            )
        except Refusal as refusal:
            web.session().rollback()
            form.refuse(refusal)
        else:
            _come_in(user)
            flash(_("Welcome, %(name)s. The archive is yours to fill.", name=user.name), "done")
            return redirect(url_for("home.home"), 303)
    return render_template("entrance/welcome.html", form=form), g.get("status", 200)


@page.post("/language")
def choose_language() -> ResponseReturnValue:
    """Choose the language of the pages."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        cookie["language"] = chosen
        if current_user.is_authenticated:
            known = web.session().get(User, current_user.id)
            if known:
                known.language = chosen
                web.session().commit()
    return redirect(_next_page(), 303)


def _come_in(user: User) -> None:
    # Its cookie is written over: whoever has a copy of the old one must have nothing either.
    if current_user.is_authenticated:
        users.end_visit(web.session(), current_user.get_id())
    users.begin_visit(web.session(), user, at=web.moment())
    web.session().commit()
    login_user(user)


def _next_page() -> str:
    """Where the reader wanted to go: a path of this server, never another host's."""
    wanted = request.values.get("next", "")
    try:
        parts = urlsplit(wanted.replace("\\", "/"))
    except ValueError:
        return url_for("home.home")
    ours = wanted.startswith("/") and wanted.isprintable() and not parts.netloc
    return wanted if ours and not wanted.startswith("//") else url_for("home.home")


def _known_person() -> object:
    return g.get("person") or (None if web.is_api() else current_user)


def _by_cookie() -> User | None:
    return current_user._get_current_object() if current_user.is_authenticated else None


def _by_token() -> User | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    with web.house().database.reading() as session:
        return users.by_token(session, token.strip())
