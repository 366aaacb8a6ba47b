"""Volumes: their list, each one's documents and folders, and what is done with it as a whole."""

from typing import Any

from flask import url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import categories, circulation, documents, parties, volumes
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.documents import Document
from archive.parties import Party
from archive.routes import history
from archive.volumes import Deed, Folder, Volume, VolumeState

PAGE = 50
MOST_TOMBSTONES = 100
door = web.Door("volumes")

STATES = {
    VolumeState.OPEN: N_("Open: takes papers"),
    VolumeState.CLOSED: N_("Closed"),
    VolumeState.REOPENED: N_("Reopened"),
}


class NobodyNamed(Invalid):
    text = N_("No card has this name. Choose the party from the list, or make its card first.")


class OpenForm(web.Form):
    """A volume that is opened by hand."""

    party = IntegerField(lazy_gettext("Party"), [Optional(), NumberRange(1, web.MOST_NUMBER)])
    party_name = StringField(
        lazy_gettext("Party"),
        [Length(max=parties.LONGEST_NAME)],
        description=lazy_gettext("Type part of the name, or pinyin initials."),
    )
    category = SelectField(lazy_gettext("Category"), [InputRequired()], coerce=int)
    year = IntegerField(
        lazy_gettext("Year of the volume"), [InputRequired(), NumberRange(min=1900, max=2200)]
    )
    retention = SelectField(lazy_gettext("Retention period"), [InputRequired()])
    title = StringField(
        lazy_gettext("Title"),
        [Length(max=400)],
        description=lazy_gettext("Empty: party, category and year."),
    )
    thickness = SelectField(lazy_gettext("Thickness of a folder"), [InputRequired()], coerce=int)


class PlaceForm(web.Form):
    """Another place in the order; `document` is the paper that was seen there."""

    place = IntegerField(
        lazy_gettext("Paper no."), [InputRequired(), NumberRange(1, web.MOST_NUMBER)]
    )
    to = IntegerField(lazy_gettext("to place"), [InputRequired(), NumberRange(1, web.MOST_NUMBER)])
    document = IntegerField(lazy_gettext("Paper"), [Optional(), NumberRange(1, web.MOST_NUMBER)])


class SplitForm(web.Form):
    """Further folders."""

    thickness = SelectField(lazy_gettext("Thickness of a folder"), [InputRequired()], coerce=int)


class NoteForm(web.Form):
    """The title, and the note sheet (备考表)."""

    title = StringField(lazy_gettext("Title"), [DataRequired(), Length(max=400)])
    keeper_note = TextAreaField(lazy_gettext("State of this volume"), [Length(max=1000)])
    compiled_by = StringField(lazy_gettext("Compiled by"), [Length(max=100)])
    checked_by = StringField(lazy_gettext("Checked by"), [Length(max=100)])
    compiled_on = DateField(lazy_gettext("Compiled on"), [Optional()])


class ReopenForm(web.Form):
    """Why a closed volume is opened once more."""

    why = StringField(lazy_gettext("Why"), [DataRequired(), Length(max=300)])


def volume_json(volume: Volume) -> dict[str, Any]:
    """A volume as JSON."""
    return {
        "id": volume.id,
        "code": volume.code,
        "title": volume.title,
        "year": volume.year,
        "retention": volume.retention,
        "items": volume.items,
        "pages": volume.pages,
        "state": str(volume.state),
    }


def folder_brief(folder: Folder) -> dict[str, Any]:
    """A folder in a list, as JSON."""
    return {
        "code": folder.code,
        "part": folder.part,
        "volume": folder.volume.code,
        "title": folder.volume.title,
        "home": folder.home.code if folder.home else "",
        "present": folder.present.code if folder.present else "",
    }


@door.get("/volumes", may="folders.see", asks=("q", "before"))
def list_volumes() -> web.Answer:
    """Volumes, the newest first; `before` pages on, `q` finds by the beginning of the code."""
    typed = web.word("q")
    found = volumes.listed(web.session(), typed, before=web.whole_number("before"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "volumes/list.html",
        {"volumes": [volume_json(volume) for volume in found], "next": more},
        volumes=found,
        states=STATES,
        typed=typed,
        next_url=url_for("volumes.list_volumes", q=typed, before=more) if more else "",
    )


@door.post("/volumes/new", may="volumes.arrange", form=OpenForm)
def open_volume() -> web.Answer:
    """Open a volume before its first paper comes."""
    form = OpenForm()
    plan = categories.offered(web.session())
    form.category.choices = web.choices(
        (one.id, f"{one.number} {one.name(str(get_locale()))}") for one in plan
    )
    form.retention.choices = web.choices((key, _(said)) for key, said in _retentions())
    form.thickness.choices = _thicknesses()
    if form.thickness.data is None:
        form.thickness.data = volumes.THICKNESS
    if form.is_sent():
        opened = volumes.open_by_hand(
            web.session(),
            next(one for one in plan if one.id == form.category.data),
            _party(form),
            form.year.data or 0,
            form.retention.data,
            title=form.title.data or "",
            thickness=form.thickness.data,
            by=web.me().actor,
            at=web.moment(),
        )
        return _done(opened, _("Volume %(code)s is open.", code=opened.code))
    return web.show("volumes/new.html", {}, form=form)


@door.get("/volumes/<int:number>", may="folders.see", asks=("after",))
def volume(number: int) -> web.Answer:
    """A volume with its documents in order; `after` pages on."""
    return _show(volumes.by_id(web.session(), number))


@door.post("/volumes/<int:number>/place", may="volumes.arrange", form=PlaceForm)
def place(number: int) -> web.Answer:
    """Lay a paper of an open volume at another place."""
    found, form = volumes.by_id(web.session(), number), PlaceForm()
    if form.is_sent():
        paper, to = _seen(found, form), form.to.data or 0
        documents.put_at(
            web.session(), paper, to, saw=form.place.data, by=web.me().actor, at=web.moment()
        )
        said = _("“%(title)s” is no. %(place)s now.", title=paper.shown_title, place=to)
        return _done(found, said, after=max(0, to - 1 - PAGE // 2), paper=paper)
    return _show(found, placing=form)


@door.post("/volumes/<int:number>/sort", may="volumes.arrange")
def sort(number: int) -> web.Answer:
    """Put the papers of an open volume in order by dates, then types."""
    found = volumes.by_id(web.session(), number)
    documents.put_in_order(web.session(), found, _per_mm(), by=web.me().actor, at=web.moment())
    return _done(found, _("The papers are in order by their dates."))


@door.post("/volumes/<int:number>/split", may="volumes.arrange", form=SplitForm)
def split(number: int) -> web.Answer:
    """Deal what is too much for the folders of a volume to further ones."""
    found, form = volumes.by_id(web.session(), number), SplitForm()
    form.thickness.choices = _thicknesses()
    if form.is_sent():
        circulation.refuse_out(web.session(), volumes.folders_of(web.session(), found))
        made = documents.spread(
            web.session(), found, form.thickness.data, _per_mm(),
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        codes = _(", ").join(folder.code for folder in made) or "—"
        return _done(
            found, _("Carry the papers over as listed. New folders: %(codes)s", codes=codes)
        )
    return _show(found, splitting=form)


@door.post("/volumes/<int:number>/describe", may="volumes.arrange", form=NoteForm)
def describe(number: int) -> web.Answer:
    """Write the title of a volume and its note sheet."""
    found, form = volumes.by_id(web.session(), number), NoteForm()
    if form.is_sent():
        volumes.describe(
            web.session(),
            found,
            title=form.title.data or "",
            keeper_note=form.keeper_note.data or "",
            compiled_by=form.compiled_by.data or "",
            checked_by=form.checked_by.data or "",
            compiled_on=form.compiled_on.data,
            by=web.me().actor,
            at=web.moment(),
        )
        return _done(found, _("The note sheet is written."))
    return _show(found, noting=form)


@door.post("/volumes/<int:number>/close", may="volumes.close")
def close(number: int) -> web.Answer:
    """Fix the order of a volume: new papers go to another one."""
    found = volumes.by_id(web.session(), number)
    volumes.close(web.session(), found, today=web.today(), by=web.me().actor, at=web.moment())
    return _done(found, _("Volume %(code)s is closed.", code=found.code))


@door.post("/volumes/<int:number>/reopen", may="volumes.close", form=ReopenForm)
def reopen(number: int) -> web.Answer:
    """Open a closed volume once more."""
    found, form = volumes.by_id(web.session(), number), ReopenForm()
    if form.is_sent():
        volumes.reopen(
            web.session(), found, form.why.data or "", by=web.me().actor, at=web.moment()
        )
        return _done(found, _("Volume %(code)s is reopened.", code=found.code))
    return _show(found, reopening=form)


def _show(
    found: Volume,
    *,
    placing: PlaceForm | None = None,
    splitting: SplitForm | None = None,
    noting: NoteForm | None = None,
    reopening: ReopenForm | None = None,
) -> web.Answer:
    session, after = web.session(), web.whole_number("after", 0) or 0
    papers = documents.of_volume(session, found, after=after, limit=PAGE)
    more = papers[-1].position if len(papers) == PAGE else None
    folders = volumes.folders_of(session, found)
    fill = documents.fill_of(session, folders)
    differing = documents.differing(session, found)
    tombstones = documents.moved_out(session, found, limit=MOST_TOMBSTONES)
    splitting = splitting or SplitForm(formdata=None, thickness=volumes.THICKNESS)
    splitting.thickness.choices = _thicknesses()
    return web.show(
        "volumes/one.html",
        volume_json(found)
        | _note_json(found)
        | {
            "folders": [_part_json(folder, fill[folder.id], len(folders)) for folder in folders],
            "documents": [_lying_json(paper) for paper in papers],
            "moved_out": [
                {"code": one.code, "now": one.document.code, "document": one.document_id}
                for one in tombstones
            ],
            "differing": differing,
            "next": more,
        },
        volume=found,
        state=STATES[VolumeState(found.state)],
        may_be={str(deed) for deed in Deed if volumes.may(found, deed)},
        folders=folders,
        fill=fill,
        holds={folder.id: _holds(folder) for folder in folders},
        is_too_full=any(fill[folder.id][1] > _holds(folder) for folder in folders),
        documents=papers,
        differing=differing,
        tombstones=tombstones,
        placing=placing or PlaceForm(formdata=None),
        splitting=splitting,
        noting=noting or NoteForm(formdata=None, obj=found),
        reopening=reopening or ReopenForm(formdata=None),
        supplements=volumes.supplement_of(session, found),
        history=history.of(found.subject),
        previous_url=_url(found, max(0, after - PAGE)) if after else "",
        next_url=_url(found, more) if more else "",
    )


def _done(found: Volume, said: str, *, after: int = 0, paper: Document | None = None) -> web.Answer:
    anchor = f"paper-{paper.id}" if paper else None
    return web.done(volume_json(found), _url(found, after, anchor), said)


def _url(found: Volume, after: int, anchor: str | None = None) -> str:
    return url_for("volumes.volume", number=found.id, after=after or None, _anchor=anchor)


def _note_json(found: Volume) -> dict[str, Any]:
    return {
        "arrangement": str(found.arrangement),
        "supplement_to": found.supplement_to_id,
        "keeper_note": found.keeper_note,
        "compiled_by": found.compiled_by,
        "checked_by": found.checked_by,
        "compiled_on": found.compiled_on.isoformat() if found.compiled_on else None,
        "closed_at": found.closed_at.isoformat() if found.closed_at else None,
    }


def _part_json(folder: Folder, held: tuple[int, int], parts: int) -> dict[str, Any]:
    papers, pages = held
    return folder_brief(folder) | {
        "parts": parts,
        "thickness_mm": folder.thickness_mm,
        "papers": papers,
        "pages": pages,
        "holds": _holds(folder),
    }


def _lying_json(paper: Document) -> dict[str, Any]:
    return {
        "id": paper.id,
        "position": paper.position,
        "code": paper.code,
        "title": paper.shown_title,
        "dated": paper.dated,
        "pages": paper.pages_total,
        "paper_pages": paper.paper_pages,
        "pages_differ": paper.pages_differ,
        "is_copy": paper.is_copy,
        "folder": paper.folder.code if paper.folder else "",
    }


def _holds(folder: Folder) -> int:
    """The pages that a folder holds."""
    return folder.thickness_mm * _per_mm()


def _per_mm() -> int:
    return web.house().settings.pages_per_mm


def _thicknesses() -> list[Any]:
    return web.choices((one, f"{one} mm") for one in volumes.THICKNESSES)


def _retentions() -> list[tuple[str, str]]:
    return list(categories.RETENTIONS.items())


def _seen(found: Volume, form: PlaceForm) -> Document:
    """The paper that is to be laid elsewhere: the one that lies there, if it is the one seen."""
    paper = documents.lying_at(web.session(), found, form.place.data or 0)
    if paper is None:
        raise documents.NoSuchPosition(items=found.items)
    if form.document.data not in (None, paper.id):
        raise documents.OrderChanged
    return paper


def _party(form: OpenForm) -> Party:
    """The chosen card, or the one of the typed name."""
    if form.party.data:
        return parties.by_id(web.session(), form.party.data)
    known = parties.recognise(web.session(), name=form.party_name.data or "")
    if known is None:
        raise NobodyNamed
    return known
