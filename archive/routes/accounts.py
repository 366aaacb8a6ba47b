"""Accounts: the administrator's list, and everyone's own page with password and API keys."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from archive import circulation, users
from archive.base import web
from archive.routes import entrance, history
from archive.users import ROLE_NAMES, ApiToken, Role, User

PAGE = 50
door = web.Door("accounts")


class AccountForm(web.Form):
    """A new account."""

    login = StringField(lazy_gettext("Log-in name"), [DataRequired(), Length(max=60)])
    name = StringField(lazy_gettext("Full name"), [DataRequired(), Length(max=100)])
    department = StringField(lazy_gettext("Department"), [Length(max=100)])
    role = SelectField(
        lazy_gettext("Role"),
        choices=web.choices((role.value, lazy_gettext(name)) for role, name in ROLE_NAMES.items()),
        default=Role.STAFF.value,
    )
    password = entrance.password_to_set(lazy_gettext("Password"))


class PasswordForm(web.Form):
    """A new password of one's own."""

    present = PasswordField(lazy_gettext("Present password"), [InputRequired(), Length(max=200)])
    password = entrance.password_to_set(lazy_gettext("New password"))
    again = entrance.password_again()


class TokenForm(web.Form):
    """A key for a program."""

    label = StringField(lazy_gettext("What the key is for"), [DataRequired(), Length(max=100)])


def account_json(user: User) -> dict[str, Any]:
    """An account as JSON."""
    return {
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "department": user.department,
        "role": str(user.role),
        "active": user.is_active,
    }


@door.get("/accounts", may="accounts.manage", asks=("after",))
def list_accounts() -> web.Answer:
    """Accounts by name; `after` pages on."""
    found = users.listed(web.session(), after=web.whole_number("after"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "accounts/list.html",
        {"accounts": [account_json(user) for user in found], "next": more},
        accounts=found,
        role_names=ROLE_NAMES,
        next_url=url_for("accounts.list_accounts", after=more) if more else "",
    )


@door.post("/accounts/new", may="accounts.manage", form=AccountForm)
def new_account() -> web.Answer:
    """Make an account."""
    form = AccountForm()
    if form.is_sent():
        # Made before this request's session begins to write: it is slow on purpose.
        password = users.hashed(form.password.data or "")
        user = users.create(
            web.session(),
            login=form.login.data or "",
            name=form.name.data or "",
            department=form.department.data or "",
            password=password,
            role=Role(form.role.data),
            by=web.me().actor,
            at=web.moment(),
        )
        then = url_for("accounts.account", number=user.id)
        said = _("%(name)s can log in now.", name=user.name)
        return web.done(account_json(user), then, said, status=201)
    return web.show("accounts/new.html", {}, form=form)


@door.get("/accounts/<int:number>", may="accounts.manage")
def account(number: int) -> web.Answer:
    """An account: what the person holds and did."""
    user = users.by_id(web.session(), number)
    return web.show(
        "accounts/one.html",
        account_json(user),
        account=user,
        role_names=ROLE_NAMES,
        loans=circulation.held_by(web.session(), user),
        today=web.today(),
        history=history.of(user.subject),
    )


@door.post("/accounts/<int:number>/close", may="accounts.manage")
def close(number: int) -> web.Answer:
    """Close an account that holds nothing."""
    user = users.by_id(web.session(), number)
    circulation.close_account(web.session(), user, by=web.me().actor, at=web.moment())
    then = url_for("accounts.account", number=user.id)
    return web.done(account_json(user), then, _("The account is closed."))


@door.get("/me", may="papers.see")
def mine() -> web.Answer:
    """One's own page: what one holds, password, API keys."""
    return _mine()


@door.post("/me/password", may="papers.see", form=PasswordForm)
@entrance.trying_passwords
def password() -> web.Answer:
    """Set a new password of one's own."""
    form = PasswordForm()
    if form.is_sent():
        # Checked and made before this request's session begins to write: both are slow on purpose.
        with web.house().database.reading() as looking:
            me = users.by_id(looking, web.me().id)
            seen = users.log_in(looking, me.login, form.present.data or "")
        new = users.hashed(form.password.data or "")
        user = users.unchanged(web.session(), seen)
        users.change_password(web.session(), user, new, by=user.actor, at=web.moment())
        then = url_for("entrance.login")
        return web.done({}, then, _("The password is changed. Log in with the new one."))
    return _mine(changing=form)


@door.post("/me/tokens", may="papers.see", form=TokenForm)
def new_token() -> web.Answer:
    """Issue an API key of one's own: shown once."""
    form = TokenForm()
    if form.is_sent():
        label = form.label.data or ""
        token = users.issue_token(web.session(), _self(), label, by=web.me().actor, at=web.moment())
        return web.show("accounts/token.html", {"token": token, "label": label}, token=token)
    return _mine(issuing=form)


@door.post("/me/tokens/<int:number>/revoke", may="papers.see")
def revoke_token(number: int) -> web.Answer:
    """End an API key of one's own."""
    token = users.token_of(web.session(), _self(), number)
    users.revoke_token(web.session(), token, by=web.me().actor, at=web.moment())
    return web.done({"revoked": True}, url_for("accounts.mine"), _("The key no longer works."))


def _self() -> User:
    return users.by_id(web.session(), web.me().id)


def _mine(*, changing: PasswordForm | None = None, issuing: TokenForm | None = None) -> web.Answer:
    user = _self()
    tokens = users.tokens_of(web.session(), user)
    return web.show(
        "accounts/mine.html",
        account_json(user) | {"tokens": [_token_json(token) for token in tokens]},
        account=user,
        role_names=ROLE_NAMES,
        tokens=tokens,
        loans=circulation.held_by(web.session(), user),
        today=web.today(),
        changing=changing or PasswordForm(formdata=None),
        issuing=issuing or TokenForm(formdata=None),
    )


def _token_json(token: ApiToken) -> dict[str, Any]:
    return {"id": token.id, "label": token.label, "made_at": token.made_at.isoformat()}
