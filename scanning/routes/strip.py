"""The film-strip: a batch's pages in their order, and what a clerk does to them, step by step."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from archive import batches, codes, covers, documents
from archive.base import web
from archive.base.errors import N_, Conflict, Invalid
from archive.base.terminal import said_by
from archive.batches import Batch
from archive.covers import CoverSheet
from archive.documents import Document, PageRole, Strip
from scanning import images, making
from scanning.routes.batches import SOURCE_NAMES, batch_json, counted, progress
from scanning.routes.door import door
from scanning.routes.film import ROLE_NAMES, THUMB, film, film_json
from scanning.routes.pictures import YEAR
from scanning.stacks.counting import collate

QUARTER = 90

# What each step is called when it was done.
STEP_NAMES = {
    "choose": "",
    "split": N_("Split"),
    "join": N_("Joined"),
    "move": N_("Moved"),
    "earlier": N_("Moved"),
    "later": N_("Moved"),
    "to-before": N_("Moved to the paper before"),
    "to-next": N_("Moved to the next paper"),
    "turn": N_("Turned"),
    "set-aside": N_("Set aside"),
    "restore": N_("Restored"),
    "separator": N_("A separator"),
    "cover": N_("A cover sheet"),
    "settle": N_("Left as it is"),
    "collate": N_("Fronts and backs put together"),
    "collate-forwards": N_("Fronts and backs put together"),
    "undo": N_("Undone"),
}


class NoPageChosen(Invalid):
    text = N_("No page is chosen. Choose one, then what is to be done with it.")


class NoSuchPlace(Invalid):
    text = N_("The strip has %(pages)s pages. Type a place among them.")


class NotACover(Invalid):
    text = N_("This is no code of a cover sheet. Scan the code that is printed on the sheet.")


class NotTwoPasses(Conflict):
    text = N_(
        "Fronts and backs are put together when they came as two files; this batch has %(files)s."
    )


class UnevenPasses(Conflict):
    text = N_(
        "There are %(fronts)s front pages and %(backs)s back pages. A sheet was pulled in "
        "double or left out: count both passes, and scan the whole stack once more."
    )


class StepForm(web.Form):
    """One step: what is done to which page, and the strip it was seen in."""

    step = SelectField(
        lazy_gettext("Step"), [InputRequired()], choices=web.choices(STEP_NAMES.items())
    )
    page = IntegerField(lazy_gettext("Page"), [Optional(), NumberRange(1, web.MOST_NUMBER)])
    before = IntegerField(
        lazy_gettext("Move before page"), [Optional(), NumberRange(1, web.MOST_NUMBER)]
    )
    after = IntegerField(
        lazy_gettext("Move behind page"), [Optional(), NumberRange(1, web.MOST_NUMBER)]
    )
    place = IntegerField(
        lazy_gettext("Move to place"), [Optional(), NumberRange(1, web.MOST_NUMBER)]
    )
    code = StringField(lazy_gettext("Code of the cover sheet"), [Length(max=codes.LONGEST_SCAN)])
    seen = StringField(lazy_gettext("Version of the strip"), [Length(max=40)])


@door.get("/batches/<int:number>", may="papers.receive", asks=("page",))
def strip(number: int) -> web.Answer:
    """The strip of a batch: its pages in papers, with their doubts; `page` says which part."""
    return _show(batches.by_id(web.session(), number), StepForm(formdata=None))


@door.post("/batches/<int:number>/steps", may="papers.receive", form=StepForm)
def steps(number: int) -> web.Answer:
    """Split, join, move, turn, set aside, restore, undo: one step at a time."""
    batch = batches.by_id(web.session(), number)
    form = StepForm()
    if not form.is_sent():
        return _show(batch, form)
    step = _step(form)
    now = _take(batch, step, form)
    web.after_commit("read", "finish")
    told = {
        "step": step,
        "version": documents.version(now),
        "doubts": sum(leaf.doubt is not None for leaf in now),
        "undo": documents.last_step(web.session(), batch),
    }
    page = form.page.data
    anchor = f"page-{page}" if page else None
    then = url_for("scanning.strip", number=number, page=page, _anchor=anchor)
    return web.done(told, then, _(STEP_NAMES[step]) if step != "choose" else "")


@door.file(
    "/batches/<int:number>/pages/<int:page>/picture", may="papers.see", media_type="image/webp"
)
def strip_picture(number: int, page: int) -> Response:
    """The picture of a page of a batch, of a paper or set aside; small with `width=240`."""
    batch = batches.by_id(web.session(), number)
    shown = documents.page_in(web.session(), batch, page)
    path = making.picture_of(shown)
    if web.whole_number("width") == THUMB:
        small = path.with_name(f"{path.stem}-{THUMB}.webp")
        if not small.exists() or small.stat().st_mtime < path.stat().st_mtime:
            images.save_small(path, small, THUMB)
        path = small
    answer = send_file(path, mimetype="image/webp", conditional=True)
    # With its turn in the address, another picture has another address.
    keeps = f"max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
    answer.headers["Cache-Control"] = f"private, {keeps}"
    return answer


def _show(batch: Batch, form: StepForm) -> web.Answer:
    pages = documents.pages_of(web.session(), batch)
    chosen = form.page.data or web.whole_number("page")
    shown, far = film(pages, chosen), progress(batch)
    both = batch.id in documents.collated(web.session(), [batch])
    doubt = counted(batch, far, is_collated=both)
    undoes = documents.last_step(web.session(), batch)
    unopened = documents.pageless(web.session(), batch)
    return web.show(
        "scanning/strip.html",
        batch_json(batch, far, doubt)
        | {"version": shown.version, "undo": undoes, "papers": film_json(shown)}
        | {"before": shown.before, "after": shown.after}
        | {"unopened": [_unopened_json(one) for one in unopened]},
        batch=batch,
        film=shown,
        far=far,
        unopened=unopened,
        count_doubt=doubt,
        undoes=STEP_NAMES.get(undoes, ""),
        roles=ROLE_NAMES,
        sources=SOURCE_NAMES,
        form=form,
        may_collate=far.files == 2 and not both and not far.is_busy,
    )


def _unopened_json(document: Document) -> dict[str, Any]:
    return {
        "document": document.id,
        "file": document.file_name,
        "state": str(document.state),
        "problem": said_by(_, document.problem) if document.problem else "",
    }


def _step(form: StepForm) -> str:
    """The step that is asked for; Enter in a field asks for what the field is for."""
    step = str(form.step.data)
    if step != "choose":
        return step
    return "move" if form.place.data else "cover" if form.code.data else step


def _take(batch: Batch, step: str, form: StepForm) -> Strip:
    """Do a step with the page and the rest that a form tells; the strip as it is then."""
    session, page = web.session(), form.page.data
    seen, me, now = form.seen.data or "", web.me().actor, web.moment()
    if step == "choose":
        return documents.strip_of(documents.pages_of(session, batch))
    if step == "undo":
        return documents.undo(session, batch, by=me, at=now, seen=seen)
    if step.startswith("collate"):
        change = _collating(batch, step)
    elif page is None:
        raise NoPageChosen
    elif step == "cover":
        return documents.cover(session, batch, page, _cover(form), by=me, at=now, seen=seen)
    else:
        change = _change(batch, step, page, form)
    return documents.rearrange(session, batch, step, change, by=me, at=now, seen=seen)


def _change(batch: Batch, step: str, page: int, form: StepForm) -> Callable[[Strip], Strip]:
    """What a step makes of a strip."""
    changes: dict[str, Callable[[Strip], Strip]] = {
        "split": lambda now: documents.split(now, page),
        "join": lambda now: documents.join(now, page),
        "move": lambda now: _moved(now, page, form),
        "earlier": lambda now: documents.earlier(now, page),
        "later": lambda now: documents.later(now, page),
        "to-before": lambda now: documents.to_paper_before(now, page),
        "to-next": lambda now: documents.to_next_paper(now, page),
        "turn": lambda now: documents.turn(now, page, _turned(batch, page)),
        "set-aside": lambda now: documents.set_aside(now, page),
        "restore": lambda now: documents.restore(now, page),
        "separator": lambda now: documents.set_aside(now, page, PageRole.SEPARATOR),
        "settle": lambda now: documents.settle(now, page),
    }
    return changes[step]


def _moved(now: Strip, page: int, form: StepForm) -> Strip:
    """Where the page goes: behind another, to a place, or before another; else to the end."""
    if form.after.data:
        return documents.move_behind(now, page, form.after.data)
    if form.place.data:
        if form.place.data > len(now):
            raise NoSuchPlace(pages=len(now))
        there = now[form.place.data - 1].page
        is_later = form.place.data - 1 > documents.find(now, page)
        return (documents.move_behind if is_later else documents.move)(now, page, there)
    return documents.move(now, page, form.before.data)


def _turned(batch: Batch, number: int) -> int:
    """A quarter more than a page is turned now."""
    return documents.page_in(web.session(), batch, number).rotation + QUARTER


def _collating(batch: Batch, step: str) -> Callable[[Strip], Strip]:
    """The pages of two passes in one order. Raises NotTwoPasses, UnevenPasses."""
    passes = documents.passes(web.session(), batch)
    if len(passes) != 2:
        raise NotTwoPasses(files=len(passes))
    fronts, backs = passes
    told = collate(len(fronts), len(backs), backwards=step == "collate")
    if told.doubt:
        raise UnevenPasses(**told.doubt.params)
    sides = {"front": fronts, "back": backs}
    order = [sides[side][at] for side, at in told.order]
    return partial(documents.collate, pages=order, backs=frozenset(backs))


def _cover(form: StepForm) -> CoverSheet:
    """The cover sheet whose code was typed or scanned. Raises NotACover."""
    meaning = covers.meaning_in(web.session(), address=web.house().settings.address)
    found = meaning(form.code.data or "")
    if not isinstance(found, CoverSheet) or found.kind != covers.COVER:
        raise NotACover
    return found
