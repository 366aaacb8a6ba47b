"""Scanners in the browser: which there are, a scan with one of them, page by page to the inbox."""

from base64 import b64encode
from dataclasses import asdict
from typing import Any

from flask import Response, current_app, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from archive import batches, scans
from archive.base import web
from archive.base.errors import N_
from archive.base.terminal import said_by
from archive.batches import MOST_SHEETS
from archive.scans import ScanJob, ScanState, Wanted
from scanning.devices import scanners
from scanning.devices.offers import MOST_DPI, WHOLE, Options, Settings, is_one_sided_feeder
from scanning.devices.scanners import Device
from scanning.fetching import stand
from scanning.fetching.enquiries import Enquiries
from scanning.routes.batches import progress
from scanning.routes.door import door

ENQUIRIES = "juanzong.enquiries"
HOUR = 3600

SOURCE_NAMES = {
    "flatbed": N_("Flatbed glass"),
    "feeder": N_("Feeder, one side"),
    "duplex": N_("Feeder, both sides"),
}
MODE_NAMES = {
    "colour": N_("Colour"),
    "gray": N_("Grey"),
    "black and white": N_("Black and white"),
}
STATE_NAMES = {
    "queued": N_("Waits for the scanner"),
    "scanning": N_("Scanning"),
    "waiting": N_("Waits for you"),
    "finishing": N_("Going to the inbox"),
    "finished": N_("In the inbox"),
    "cancelled": N_("Cancelled"),
}


class ScanForm(web.Form):
    """What is scanned, and how."""

    suggests = True

    device = HiddenField(lazy_gettext("Scanner"), [Length(max=300)])
    source = SelectField(lazy_gettext("Take the paper from"), validate_choice=False)
    mode = SelectField(lazy_gettext("Colours"), validate_choice=False)
    resolution = SelectField(
        lazy_gettext("Dots per inch"), [Optional()], coerce=int, validate_choice=False,
        description=lazy_gettext("300 reads well; small print wants 400."),
    )  # fmt: skip
    paper = SelectField(lazy_gettext("Paper size"), validate_choice=False)
    sheets = IntegerField(
        lazy_gettext("Sheets in my hand"),
        [Optional(), NumberRange(1, MOST_SHEETS)],
        description=lazy_gettext("Counted, they are compared with the pages that come."),
    )
    name = StringField(lazy_gettext("Name of the stack"), [Length(max=200)])
    batch = IntegerField(
        lazy_gettext("Batch whose backs these are"), [Optional(), NumberRange(1, web.MOST_NUMBER)],
        widget=HiddenInput(),
    )  # fmt: skip


def enquiries() -> Enquiries:
    """What this server knows of scanners."""
    known: Enquiries = current_app.extensions.setdefault(ENQUIRIES, Enquiries())
    return known


@door.get("/scanners", may="papers.receive")
def list_scanners() -> web.Answer:
    """The scanners that the server reaches, and the scans that are not finished."""
    heard = enquiries().devices()
    under_way = scans.unfinished(web.session())
    problem = said_by(_, heard.problem) if heard.problem else None
    return web.show(
        "scanning/scanners.html",
        {
            "scanners": [asdict(one) for one in heard.answer or ()],
            "looking": heard.is_asking,
            "problem": problem,
            "scans": [scan_json(job) for job in under_way],
        },
        heard=heard,
        scans=under_way,
        last=scans.last_of(web.session(), web.me().actor),
        state_names=STATE_NAMES,
    )


@door.post("/scanners/again", may="papers.receive")
def look_again() -> web.Answer:
    """Look for scanners anew; the list tells when that is done."""
    heard = enquiries().devices(anew=True)
    return web.done({"looking": heard.is_asking}, url_for("scanning.list_scanners"), "")


@door.post("/scanners/scan", may="papers.receive", form=ScanForm)
def scan() -> web.Answer:
    """Begin a scan; with `do=preview` only look at what lies on the glass."""
    sent = web.sent()
    if sent is None:
        return _asked_how(web.word("device", 300))
    # Whatever takes seconds is asked before this request writes anything.
    device = enquiries().device(sent.get("device", ""))
    options = enquiries().offered(device.name)
    form = _form(device, options, sent)
    if not form.is_sent():
        return _ask_how(device, options, form)
    settings = _settings(form)
    options.arguments(settings)
    if sent.get("do") == "preview":
        return _preview(device, options, form, settings)
    job = scans.begin(
        web.session(), _wanted(device, options, settings, form), by=web.me().actor, at=web.moment()
    )
    web.after_commit("scan")
    then = url_for("scanning.scanned", number=job.id)
    return web.done(scan_json(job), then, "", status=201)


@door.get("/scans/<int:number>", may="papers.receive")
def scanned(number: int) -> web.Answer:
    """A scan: its pages as they come, and what can be done with it."""
    job = scans.by_id(web.session(), number)
    return web.show(
        "scanning/scanned.html", scan_json(job), job=job, state_name=STATE_NAMES[job.state],
        may_direct=scans.may_direct(web.session(), job, web.me().actor),
        wants_backs=_wants_backs(job),
    )  # fmt: skip


@door.post("/scans/<int:number>/more", may="papers.receive")
def scan_more(number: int) -> web.Answer:
    """Scan the next sheet from the glass, or the next stack from the feeder."""
    job = _in_hand(number)
    scans.more(web.session(), job, at=web.moment())
    web.after_commit("scan")
    return _then(job)


@door.post("/scans/<int:number>/stop", may="papers.receive")
def stop_scan(number: int) -> web.Answer:
    """Let no more pages come; those that came stay."""
    job = _in_hand(number)
    scans.stop(job, at=web.moment())
    return _then(job)


@door.post("/scans/<int:number>/finish", may="papers.receive")
def finish_scan(number: int) -> web.Answer:
    """Make one original of the pages and put it into the inbox."""
    job = _in_hand(number)
    scans.finish(job, at=web.moment())
    web.after_commit("scan")
    return _then(job)


@door.post("/scans/<int:number>/cancel", may="papers.receive")
def cancel_scan(number: int) -> web.Answer:
    """Throw the pages of a scan away."""
    job = _in_hand(number)
    scans.cancel(web.session(), job, by=web.me().actor, at=web.moment())
    # The worker removes the pages when it looks next.
    web.after_commit("scan")
    said = _("The scan was cancelled; nothing of it is kept.")
    return web.done(scan_json(job), url_for("scanning.list_scanners"), said)


@door.file(
    "/scans/<int:number>/pages/<int:page>/picture", may="papers.receive", media_type="image/webp"
)
def scanned_picture(number: int, page: int) -> Response:
    """A page of a scan that is not finished, small."""
    job = scans.by_id(web.session(), number)
    picture = stand.page_of(web.house(), job, page)
    answer = send_file(picture, mimetype="image/webp", conditional=True)
    answer.headers["Cache-Control"] = f"private, max-age={HOUR}"
    return answer


def scan_json(job: ScanJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": str(job.state),
        "is_busy": job.is_busy,
        "device": job.device,
        "scanner": job.scanner,
        "settings": job.settings,
        "name": job.name,
        "sheets": job.sheets,
        "pages": job.pages,
        "problem": said_by(_, job.problem) if job.problem else None,
        "batch": job.batch_id,
        "clerk": job.actor.name,
        "begun_at": job.begun_at.isoformat(),
    }


def _in_hand(number: int) -> ScanJob:
    return scans.in_hand(web.session(), number, by=web.me().actor)


def _then(job: ScanJob) -> web.Answer:
    return web.done(scan_json(job), url_for("scanning.scanned", number=job.id), "")


def _asked_how(named: str) -> web.Answer:
    """The form, as far as the scanner has answered by now."""
    devices = enquiries().devices()
    device = next((one for one in devices.answer or () if one.name == named), None)
    busy = device is not None and scans.is_taken(web.session(), device.name)
    heard = enquiries().options(device.name) if device and not busy else None
    if device and heard and heard.answer:
        return _ask_how(device, heard.answer, _form(device, heard.answer, None))
    return web.show(
        "scanning/scan.html", {}, device=device, form=None, picture=None,
        problem=scans.ScannerAtWork() if busy else (heard or devices).problem,
        is_asking=(heard or devices).is_asking,
    )  # fmt: skip


def _ask_how(
    device: Device, options: Options, form: ScanForm, picture: bytes | None = None
) -> web.Answer:
    inline = "data:image/png;base64," + b64encode(picture).decode() if picture else None
    return web.show(
        "scanning/scan.html", {"picture": inline}, device=device, form=form, picture=inline,
        can_preview=any(not one.is_stack for one in options.sources) or not options.sources,
        problem=None, is_asking=False,
    )  # fmt: skip


def _preview(device: Device, options: Options, form: ScanForm, settings: Settings) -> web.Answer:
    if scans.is_taken(web.session(), device.name):
        raise scans.ScannerAtWork
    # Nobody who writes waits for the scanner.
    web.close_session()
    return _ask_how(device, options, form, scanners.preview(device.name, settings))


def _form(device: Device, options: Options, sent: "MultiDict[str, str] | None") -> ScanForm:
    """Set as this person scanned with it last, else in the usual way."""
    with web.house().database.reading() as session:
        last = scans.last_of(session, web.me().actor, device.name)
    given = _presets(options, last) | {"device": device.name}
    if batch := web.whole_number("batch"):
        given["batch"] = batch
    if sent is None:
        form = ScanForm(data=given)
    else:
        # A program that leaves a value out takes the one that is set.
        form = ScanForm(formdata=MultiDict(given | sent.to_dict()))
    form.source.choices = _named(SOURCE_NAMES, [(one.name, one.kind) for one in options.sources])
    form.mode.choices = _named(MODE_NAMES, [(one.name, one.kind) for one in options.modes])
    form.resolution.choices = web.choices(
        (dpi, str(dpi)) for dpi in options.resolutions if dpi <= MOST_DPI
    )
    whole = _("All that the scanner reaches")
    form.paper.choices = web.choices(
        (one, whole if one == WHOLE else one) for one in options.papers
    )
    return form


def _presets(options: Options, last: ScanJob | None) -> dict[str, Any]:
    usual = asdict(options.usual)
    if last is None:
        return usual
    offered = {
        "source": [one.name for one in options.sources],
        "mode": [one.name for one in options.modes],
        "resolution": options.resolutions,
        "paper": options.papers,
    }
    return usual | {name: told for name, told in last.settings.items() if told in offered[name]}


def _named(names: dict[str, str], offered: list[tuple[str, str]]) -> list[Any]:
    """Each choice by its kind, with the scanner's own word where two would be called the same."""
    kinds = [kind for _name, kind in offered]
    return web.choices(
        (name, _(names[kind]) + (f" ({name})" if kinds.count(kind) > 1 else ""))
        if kind in names
        else (name, name)
        for name, kind in offered
    )


def _settings(form: ScanForm) -> Settings:
    usual = Settings()
    return Settings(
        form.source.data or "", form.mode.data or "",
        min(form.resolution.data or usual.resolution, MOST_DPI), form.paper.data or usual.paper,
    )  # fmt: skip


def _wanted(device: Device, options: Options, settings: Settings, form: ScanForm) -> Wanted:
    """Backs are called like the batch they belong to. Raises NoSuchBatch."""
    fronts = batches.by_id(web.session(), form.batch.data) if form.batch.data else None
    return Wanted(
        device.name, f"{device.vendor} {device.model}".strip() or device.name, asdict(settings),
        options.source(settings.source).kind == "duplex",
        fronts.name if fronts else form.name.data or "", form.sheets.data, form.batch.data,
    )  # fmt: skip


def _wants_backs(job: ScanJob) -> bool:
    """Whether the other side of a stack may still come: it came through a feeder of one side."""
    if job.state != ScanState.FINISHED or not job.batch_id:
        return False
    is_half = not job.two_sided and is_one_sided_feeder(job.settings.get("source", ""))
    return is_half and progress(batches.by_id(web.session(), job.batch_id)).files == 1
