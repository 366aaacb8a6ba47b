"""Folders: what a label leads to, and what may be done there: lend, take back, shelve."""

from datetime import timedelta
from typing import Any

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import access, circulation, codes, covers, locations, shelving, users, volumes
from archive.base import web
from archive.base.errors import N_, Invalid, NotFound
from archive.circulation import Loan
from archive.routes import history
from archive.routes.covers import cover_json
from archive.routes.volumes import folder_brief
from archive.shelving import Move
from archive.users import User
from archive.volumes import Folder

PAGE = 50
MOVES = 20  # the newest ones, on the folder's page
LOAN_DAYS = 14
door = web.Door("folders")


class NoSuchBorrower(Invalid):
    text = N_("No active account has this name. Give the whole name, or the log-in name.")


class CheckOutForm(web.Form):
    """Lending: to whom, what for, until when."""

    borrower = IntegerField(lazy_gettext("Borrower"), [Optional(), NumberRange(1, web.MOST_NUMBER)])
    borrower_name = StringField(lazy_gettext("Borrower"), [Length(max=100)])
    purpose = StringField(lazy_gettext("Purpose"), [DataRequired(), Length(max=300)])
    due_on = DateField(lazy_gettext("Due back on"), [InputRequired()])


class ReturnForm(web.Form):
    """Taking back."""

    note = StringField(
        lazy_gettext("Note"),
        [Length(max=500)],
        description=lazy_gettext("Only if something differs from when it went out."),
    )


class ShelveForm(web.Form):
    """The folder's place."""

    place = StringField(
        lazy_gettext("Place"),
        [DataRequired(), Length(max=60)],
        description=lazy_gettext("Scan the place's label, or type: K01-G07-C3-G2"),
    )
    reason = StringField(lazy_gettext("Reason"), [Length(max=shelving.LONGEST_REASON)])
    for_now = BooleanField(
        lazy_gettext("Only for now: its home stays what it is"),
        false_values=(False, "False", "false", "0", ""),
    )
    # The last move that whoever moves it knows of.
    seen = IntegerField(
        lazy_gettext("Last move seen"), [Optional(), NumberRange(0, web.MOST_NUMBER)]
    )


def loan_json(loan: Loan) -> dict[str, Any]:
    """A loan as JSON."""
    return {
        "id": loan.id,
        "borrower": {"id": loan.borrower_id, "name": loan.borrower.name},
        "purpose": loan.purpose,
        "lent_at": loan.lent_at.isoformat(),
        "due_on": loan.due_on.isoformat(),
        "returned_at": loan.returned_at.isoformat() if loan.returned_at else None,
    }


def move_json(move: Move) -> dict[str, Any]:
    """A move as JSON."""
    return {
        "id": move.id,
        "at": move.at.isoformat(),
        "by": move.by,
        "why": move.why,
        "reason": move.reason,
        "from": move.start.code if move.start else "",
        "to": move.end.code if move.end else "",
        "holder": move.holder,
    }


def folder_json(folder: Folder, loan: Loan | None) -> dict[str, Any]:
    """A folder in a list as JSON, with who has it."""
    return folder_brief(folder) | {"loan": loan_json(loan) if loan else None}


@door.get("/folders", may="folders.see", asks=("before",))
def list_folders() -> web.Answer:
    """Folders, the newest first; `before` pages on."""
    found = volumes.folders(web.session(), before=web.whole_number("before"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    out = circulation.open_loans_of(web.session(), found)
    data = [folder_json(folder, out.get(folder.id)) for folder in found]
    return web.show(
        "folders/list.html",
        {"folders": data, "next": more},
        folders=found,
        out=out,
        today=web.today(),
        next_url=url_for("folders.list_folders", before=more) if more else "",
    )


@door.get("/c/<code>", may="folders.see")
def scanned(code: str) -> web.Answer:
    """What a scanned label leads to."""
    return _lead(code)


@door.get("/scan", may="folders.see", asks=("code",))
def scan() -> web.Answer:
    """The scan box: a hand scanner types a label's code or URL into it."""
    typed = web.word("code", codes.LONGEST_SCAN)
    if not typed:
        return web.show("folders/scan.html", {})
    try:
        return _lead(typed)
    except NotFound as refusal:
        if web.wants_json():
            raise
        # The next scan comes at once: the box stays where it is, the refusal above it.
        return web.show_refused("folders/scan.html", refusal)


@door.get("/folders/<code>", may="folders.see")
def folder(code: str) -> web.Answer:
    """A folder: what it is, where it belongs, where it is now, what may be done."""
    return _show(volumes.folder_by_code(web.session(), code))


@door.post("/folders/<code>/check-out", may="folders.lend", form=CheckOutForm)
def check_out(code: str) -> web.Answer:
    """Lend a folder."""
    found = volumes.folder_by_code(web.session(), code)
    form = CheckOutForm()
    if form.is_sent() and form.due_on.data:
        loan = circulation.check_out(
            web.session(),
            found,
            _borrower(form),
            purpose=form.purpose.data or "",
            due_on=form.due_on.data,
            today=web.today(),
            by=web.me().actor,
            at=web.moment(),
        )
        day = format_date(loan.due_on, "short")
        said = _("Lent to %(name)s until %(day)s.", name=loan.borrower.name, day=day)
        return web.done(_folder_json(found, loan), _page_of(found), said)
    return _show(found, lending=form)


@door.post("/folders/<code>/return", may="folders.lend", form=ReturnForm)
def check_in(code: str) -> web.Answer:
    """Take a folder back."""
    found = volumes.folder_by_code(web.session(), code)
    form = ReturnForm()
    if form.is_sent():
        loan = circulation.check_in(
            web.session(),
            found,
            note=form.note.data or "",
            by=web.me().actor,
            at=web.moment(),
        )
        return web.done(_folder_json(found, None), _page_of(found), _said_back(found, loan))
    return _show(found, returning=form)


@door.post("/folders/<code>/shelve", may="folders.shelve", form=ShelveForm)
def shelve(code: str) -> web.Answer:
    """Give a folder its place."""
    found = volumes.folder_by_code(web.session(), code)
    form = ShelveForm()
    if form.is_sent():
        move = shelving.put if form.for_now.data else shelving.shelve
        move(
            web.session(),
            found,
            form.place.data or "",
            reason=form.reason.data or "",
            seen=form.seen.data,
            by=web.me().actor,
            at=web.moment(),
        )
        loan = circulation.open_loan(web.session(), found)
        return web.done(_folder_json(found, loan), _page_of(found), _said_put(found, form))
    return _show(found, placing=form)


def _lead(scanned: str) -> web.Answer:
    if place := locations.known(web.session(), scanned):
        told = {"location": place.code, "id": place.id}
        return web.done(told, url_for("locations.location", number=place.id), "")
    address = web.house().settings.address
    subject = codes.resolve(web.session(), scanned, address=address)
    if subject.kind == "cover":
        sheet = covers.by_id(web.session(), subject.id)
        return web.done(cover_json(sheet), url_for("covers.cover", number=sheet.id), "")
    found = volumes.folder_by_id(web.session(), subject.id)
    loan = circulation.open_loan(web.session(), found)
    return web.done(_folder_json(found, loan), _page_of(found), "")


def _show(
    found: Folder,
    *,
    lending: CheckOutForm | None = None,
    returning: ReturnForm | None = None,
    placing: ShelveForm | None = None,
) -> web.Answer:
    loan = circulation.open_loan(web.session(), found)
    due = web.today() + timedelta(days=LOAN_DAYS)
    moves = shelving.moves_of(web.session(), found, limit=MOVES)
    return web.show(
        "folders/one.html",
        _folder_json(found, loan) | {"moves": [move_json(move) for move in moves]},
        folder=found,
        loan=loan,
        today=web.today(),
        lending=lending or CheckOutForm(formdata=None, due_on=due),
        returning=returning or ReturnForm(formdata=None),
        placing=placing or ShelveForm(formdata=None, place=found.home.code if found.home else ""),
        moves=moves,
        whys=shelving.WHYS,
        borrower=_typed_borrower(lending),
        history=history.of(found.subject),
    )


def _folder_json(found: Folder, loan: Loan | None) -> dict[str, Any]:
    me = web.session().get(User, web.me().id)
    doable = ("check-in" if loan else "check-out", "shelve")
    rights = {"check-in": "folders.lend", "check-out": "folders.lend", "shelve": "folders.shelve"}
    return folder_json(found, loan) | {
        "url": codes.url(found.code, address=web.house().settings.address),
        "may": [deed for deed in doable if access.may(me, rights[deed])],
    }


def _said_put(found: Folder, form: ShelveForm) -> str:
    if form.for_now.data:
        place = found.present.code if found.present else ""
        return str(_("It stands at %(place)s for now.", place=place))
    place = found.home.code if found.home else ""
    return str(_("Its place is now %(place)s.", place=place))


def _said_back(found: Folder, loan: Loan) -> str:
    if found.home is None:
        said = _("Back from %(name)s. It has no place yet: give it one.", name=loan.borrower.name)
    else:
        place = found.home.code
        said = _("Back from %(name)s. Put it at %(place)s.", name=loan.borrower.name, place=place)
    return str(said)


def _page_of(found: Folder) -> str:
    return url_for("folders.folder", code=found.code)


def _borrower(form: CheckOutForm) -> User:
    """The account that was chosen, or the one whose name or log-in name was typed out.

    A name that was typed after the choice counts more than the choice.
    """
    chosen = web.session().get(User, form.borrower.data) if form.borrower.data else None
    typed = (form.borrower_name.data or "").strip()
    if chosen and (not typed or typed.lower() in (chosen.name.lower(), chosen.login)):
        return chosen
    found = users.by_full_name(web.session(), typed)
    if found is None:
        raise NoSuchBorrower
    return found


def _typed_borrower(form: CheckOutForm | None) -> User | None:
    if form is None or not form.borrower.data:
        return None
    chosen = web.session().get(User, form.borrower.data)
    typed = (form.borrower_name.data or "").strip()
    return chosen if chosen and typed in ("", chosen.name, chosen.login) else None


def person_json(person: User) -> dict[str, Any]:
    """A borrower to choose, as JSON."""
    return {"id": person.id, "name": person.name, "department": person.department}


@door.file("/people", may="people.find", media_type="application/json")
def people() -> Response:
    """People to lend to, by the beginning of their name; `q` is what was typed."""
    found = users.named(web.session(), web.word("q"))
    return jsonify(people=[person_json(person) for person in found])


@door.page.get("/people/typed")
def typed_people() -> ResponseReturnValue:
    """The same for the field in which a borrower is typed."""
    web.house().guard("people.find")
    found = users.named(web.session(), web.word("q"))
    return jsonify([{"value": p.id, "label": p.name, "hint": p.department} for p in found])
