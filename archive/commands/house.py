"""The archive's part of the command line: settings, accounts, the ledger."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from archive import users
from archive.base import ledger, settings, web
from archive.base.db import now
from archive.base.errors import N_
from archive.base.ledger import HOUSE
from archive.base.terminal import answer, fail, in_house, json_option, translate
from archive.documents import gaps
from archive.documents.gaps import Verdict
from archive.users import Role

ROLES = click.Choice([role.value for role in Role])


@click.command("settings")
@json_option
def show_settings(as_json: bool) -> None:
    """List every setting, its value and its meaning."""
    loaded = settings.load()
    rows = list(settings.explain(loaded))
    told = {name: {"value": value, "meaning": meaning} for name, value, meaning in rows}
    words = "\n".join(f"{name}={value}\n    {translate(said)}" for name, value, said in rows)
    warning = translate(settings.ONLY_HERE) % {"address": loaded.address}
    if not loaded.is_only_here:
        warning = ""
    answer({"settings": told, "warning": warning}, f"{words}\n\n{warning}".strip(), as_json=as_json)


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.option("--role", type=ROLES, default=Role.ADMINISTRATOR.value, show_default=True)
@click.option("--if-empty", is_flag=True, help="Only when there is no account yet.")
@json_option
@in_house
def invite(role: str, if_empty: bool, as_json: bool) -> None:
    """Make a one-time link that creates an account."""
    house = web.house()
    with house.database.writing() as session:
        if if_empty and not users.is_empty(session):
            answer({"link": None}, "", as_json=as_json)
            return
        key = users.invite(session, Role(role), at=now())
    link = f"{house.settings.address}/welcome/{key}"
    answer({"link": link}, link, as_json=as_json)


@user.command()
@click.argument("login")
@click.option("--name", default="", help="Full name.")
@click.option("--role", type=ROLES, default=Role.STAFF.value, show_default=True)
@click.password_option(help="Asked for when it is not given.")
@json_option
@in_house
def add(login: str, name: str, role: str, password: str, as_json: bool) -> None:
    """Make an account."""
    kept = users.hashed(password)
    with web.house().database.writing() as session:
        made = users.create(
            session, login=login, name=name, password=kept, role=Role(role), by=HOUSE, at=now()
        )
    answer({"id": made.id, "login": made.login}, made.login, as_json=as_json)


@user.command()
@click.argument("login")
@click.option("--label", default="command line", show_default=True)
@json_option
@in_house
def token(login: str, label: str, as_json: bool) -> None:
    """Issue an API key for an account: it is shown once."""
    with web.house().database.writing() as session:
        found = users.by_login(session, login)
        key = users.issue_token(session, found, label, by=HOUSE, at=now())
    answer({"token": key}, key, as_json=as_json)


@click.group("ledger")
def ledger_group() -> None:
    """The ledger of everything that happened."""


@ledger_group.command()
@json_option
@in_house
def verify(as_json: bool) -> None:
    """Compute the whole chain again."""
    with web.house().database.reading() as session:
        verdict = ledger.verify(session)
    sound = N_("%(rows)s rows, all sound. Head: %(head)s")
    torn = N_("Row %(first_bad)s is not what was written. Restore it from a backup.")
    said = translate(sound if verdict.ok else torn) % verdict.data
    answer(verdict.data, said, as_json=as_json)
    if not verdict.ok:
        fail()


@click.command()
@json_option
@in_house
def check(as_json: bool) -> None:
    """Look whether numbers run without a gap and no archival code is there twice."""
    with web.house().database.reading() as session:
        verdict = gaps.check(session)
    whole = N_("Volumes: %(volumes)s, papers: %(papers)s. No number lacks, no code is there twice.")
    said = [translate(whole) % asdict(verdict)] if verdict.ok else list(_wrong(verdict))
    answer({"ok": verdict.ok, "numbers": asdict(verdict)}, "\n".join(said), as_json=as_json)
    if not verdict.ok:
        fail()


def _wrong(verdict: Verdict) -> Iterator[str]:
    for gap in (*verdict.gaps, *verdict.item_gaps):
        if gap.missing:
            lacking = N_("%(name)s: of the numbers up to %(last)s these lack: %(missing)s.")
            yield translate(lacking) % (asdict(gap) | {"missing": ", ".join(gap.missing)})
        if gap.behind:
            late = N_("%(name)s: the next number that is given would be one that is there.")
            yield translate(late) % asdict(gap)
    for code in verdict.doubles:
        yield translate(N_("%(code)s stands for two things.")) % {"code": code}


COMMANDS: tuple[click.Command, ...] = (show_settings, user, ledger_group, check)
