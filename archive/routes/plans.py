"""Re-shelving plans: made, printed, worked off by scanning a place and then its folders."""

from typing import Any

from flask import url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from archive import categories, codes, locations, volumes
from archive.base import web
from archive.locations import Location
from archive.routes import history
from archive.shelving import plans
from archive.shelving.plans import PLAN_STATES, Choice, Plan, PlanState, PlanStep

PAGE = 50
LONGEST_TITLE = 200
LONGEST_PLACES = 2000
door = web.Door("plans")


class PlanForm(web.Form):
    """Which folders move, and where to."""

    title = StringField(lazy_gettext("Title"), [DataRequired(), Length(max=LONGEST_TITLE)])
    place = StringField(
        lazy_gettext("Folders that stand at"),
        [Length(max=60)],
        description=lazy_gettext("The code of a place; all below it are meant too."),
    )
    category = SelectField(lazy_gettext("Category"), coerce=int, default=0)
    year = IntegerField(lazy_gettext("Year"), [Optional(), NumberRange(min=1900, max=2200)])
    targets = TextAreaField(
        lazy_gettext("Places to fill, in this order"),
        [DataRequired(), Length(max=LONGEST_PLACES)],
        description=lazy_gettext("One code a line; a rack or shelf stands for all below it."),
    )


class ScanForm(web.Form):
    """A label that was scanned while a plan is worked off."""

    code = StringField(
        lazy_gettext("Scan a label, or type its code"),
        [DataRequired(), Length(max=codes.LONGEST_SCAN)],
    )
    place = StringField(lazy_gettext("Place"), [Length(max=60)])


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as JSON."""
    return {
        "id": plan.id,
        "title": plan.title,
        "state": plan.state,
        "folders": plan.folders,
        "done": plan.done,
        "made_at": plan.made_at.isoformat(),
        "made_by": plan.made_by,
    }


def step_json(step: PlanStep) -> dict[str, Any]:
    """One folder of a plan as JSON."""
    return {
        "folder": step.folder.code,
        "volume": step.folder.volume.code,
        "from": step.start.code if step.start else "",
        "to": step.end.code,
        "state": step.state,
    }


@door.get("/plans", may="folders.shelve", asks=("before",))
def list_plans() -> web.Answer:
    """Re-shelving plans, the newest first."""
    found = plans.listed(web.session(), before=web.whole_number("before"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "plans/list.html",
        {"plans": [plan_json(plan) for plan in found], "next": more},
        plans=found,
        states=PLAN_STATES,
        next_url=url_for("plans.list_plans", before=more) if more else "",
    )


@door.post("/plans/new", may="folders.shelve", form=PlanForm)
def new_plan() -> web.Answer:
    """Plan where folders go: the places are filled in their order, by thickness."""
    form = PlanForm(place=web.word("place", 60))
    language = str(get_locale())
    named = [
        (one.id, f"{one.number} {one.name(language)}") for one in categories.plan(web.session())
    ]
    form.category.choices = web.choices([(0, "—"), *named])
    if form.is_sent():
        typed = (form.targets.data or "").split()
        targets = [locations.at_code(web.session(), code) for code in typed]
        made = plans.make(
            web.session(),
            form.title.data or "",
            _choice(form),
            targets,
            by=web.me().actor,
            at=web.moment(),
        )
        said = _("Folders in the plan: %(count)s.", count=made.folders)
        return web.done(plan_json(made), url_for("plans.plan", number=made.id), said, status=201)
    return web.show("plans/new.html", {}, form=form)


@door.get("/plans/<int:number>", may="folders.shelve", asks=("place",))
def plan(number: int) -> web.Answer:
    """A plan with its folders, to print and to work off; `place` is the one scanned last."""
    return _show(plans.by_id(web.session(), number))


@door.post("/plans/<int:number>/scan", may="folders.shelve", form=ScanForm)
def scan(number: int) -> web.Answer:
    """Scan a place, then the folders that were put there."""
    found, form = plans.by_id(web.session(), number), ScanForm()
    if form.is_sent():
        typed = form.code.data or ""
        place = locations.known(web.session(), typed)
        if place is not None:
            then = url_for("plans.plan", number=number, place=place.code)
            return web.done({"place": place.code, **plan_json(found)}, then, "")
        return _confirm(found, typed, form.place.data or "")
    return _show(found, form)


@door.post("/plans/<int:number>/stop", may="folders.shelve")
def stop(number: int) -> web.Answer:
    """End a plan before it is done; what was moved stays where it is now."""
    found = plans.by_id(web.session(), number)
    plans.stop(web.session(), found, by=web.me().actor, at=web.moment())
    return web.done(plan_json(found), url_for("plans.plan", number=number), _("It is stopped."))


def _choice(form: PlanForm) -> Choice:
    typed = (form.place.data or "").strip()
    place = locations.at_code(web.session(), typed) if typed else None
    return Choice(place, form.category.data or None, form.year.data)


def _confirm(found: Plan, typed: str, at: str) -> web.Answer:
    place = locations.known(web.session(), at) if at else None
    if place is None:
        raise plans.PlaceFirst
    code = codes.spell(typed, address=web.house().settings.address)
    folder = volumes.folder_by_code(web.session(), code)
    step = plans.confirm(web.session(), found, folder, place, by=web.me().actor, at=web.moment())
    said = _("%(folder)s stands at %(place)s now.", folder=folder.code, place=place.code)
    then = url_for("plans.plan", number=found.id, place=place.code)
    return web.done(plan_json(found) | {"step": step_json(step)}, then, said)


def _show(found: Plan, form: ScanForm | None = None) -> web.Answer:
    steps = plans.steps_of(web.session(), found)
    place = _place_of(form)
    return web.show(
        "plans/one.html",
        plan_json(found) | {"steps": [step_json(step) for step in steps]},
        plan=found,
        steps=steps,
        states=PLAN_STATES,
        is_open=found.state == PlanState.OPEN,
        place=place,
        form=form or ScanForm(formdata=None),
        history=history.of(found.subject),
    )


def _place_of(form: ScanForm | None) -> Location | None:
    """The place that was scanned last."""
    typed = form.place.data if form else web.word("place", 60)
    return locations.known(web.session(), typed) if typed else None
