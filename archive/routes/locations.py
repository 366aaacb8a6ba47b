"""Places: the tree level by level, ranges made in one go, the picture of a shelf, strays."""

from collections.abc import Sequence
from typing import Any

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, Field, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from archive import locations, shelving
from archive.base import web
from archive.base.terminal import said_by
from archive.locations import LEVELS, Level, Location, describing, pattern, ranges
from archive.locations.pattern import (
    LONGEST_PATTERN,
    NotAPattern,
    NotASpan,
    SpanMissing,
    SpanTooMany,
)
from archive.locations.ranges import MOST_MM, Survey
from archive.routes import history
from archive.routes.volumes import folder_brief
from archive.shelving import closing, fill
from archive.shelving.fill import Fill, Picture

PAGE = 100
STRAYS = 50
LONGEST_NAME = 100
# What a range is, until its form is filled in.
SUGGESTED = {"room": "1", "rack": "1-12", "side": "A-B", "bay": "1-6", "shelf": "1-7", "slot": "1"}
door = web.Door("locations")


def _patterned(_form: object, field: Field) -> None:
    """What is typed is a pattern of codes."""
    try:
        pattern.parse(field.data)
    except NotAPattern as refusal:
        raise ValidationError(said_by(_, refusal)) from refusal


def _spanned(form: web.Form, field: Field) -> None:
    """What is typed are the numbers of this level of the pattern."""
    try:
        pattern.span(pattern.parse(form["pattern"].data or ""), Level(field.name), field.data or "")
    except NotAPattern:
        return  # It is said beside the pattern.
    except (NotASpan, SpanMissing, SpanTooMany) as refusal:
        raise ValidationError(said_by(_, refusal)) from refusal


def _width(label: str) -> Field:
    return IntegerField(
        label,
        [InputRequired(), NumberRange(0, MOST_MM)],
        default=0,
        description=lazy_gettext("Millimetres of folders side by side; 0 while not measured."),
    )


def _span(level: Level) -> Field:
    return StringField(lazy_gettext(LEVELS[level]), [Length(max=20), _spanned])


class RangeForm(web.Form):
    """Places to make in one go."""

    pattern = StringField(
        lazy_gettext("Pattern of the codes"),
        [DataRequired(), Length(max=LONGEST_PATTERN), _patterned],
        description=lazy_gettext(
            "Each level in braces, from the top; :2 is two digits, :A letters. It is kept for "
            "the next time."
        ),
    )
    room = _span(Level.ROOM)
    zone = _span(Level.ZONE)
    rack = _span(Level.RACK)
    side = _span(Level.SIDE)
    bay = _span(Level.BAY)
    shelf = _span(Level.SHELF)
    slot = _span(Level.SLOT)
    capacity_mm = _width(lazy_gettext("Width of each of the lowest places"))
    dry_run = BooleanField(
        lazy_gettext("Only look what it would make"),
        false_values=(False, "False", "false", "0", ""),
    )


class CardForm(web.Form):
    """What is written on a place's card."""

    name = StringField(lazy_gettext("Name"), [Length(max=LONGEST_NAME)])
    capacity_mm = _width(lazy_gettext("Width"))


def location_json(place: Location, full: Fill) -> dict[str, Any]:
    """A place as JSON, with how full it is."""
    return {
        "id": place.id,
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "retired": place.retired_at is not None,
        "capacity_mm": full.capacity_mm,
        "standing_mm": full.standing_mm,
        "awaited_mm": full.awaited_mm,
        "free_mm": full.free_mm,
        "folders": full.folders,
    }


@door.get("/locations", may="folders.see", asks=("q", "after"))
def list_locations() -> web.Answer:
    """The places at the top of the tree; `q` finds by the beginning of a code, or by a name."""
    typed = web.word("q")
    if typed:
        places = locations.typed(web.session(), typed, limit=PAGE)
        more = None
    else:
        places, more = _page_of_places(None)
    fills = _fills(places)
    return web.show(
        "locations/list.html",
        {"locations": [location_json(one, fills[one.id]) for one in places], "next": more},
        places=places,
        fills=fills,
        levels=LEVELS,
        typed=typed,
        next_url=url_for("locations.list_locations", after=more) if more else "",
    )


@door.get("/locations/<int:number>", may="folders.see", asks=("after",))
def location(number: int) -> web.Answer:
    """A place: what is below it, how full it is, what stands there; `after` pages on."""
    return _show(locations.by_id(web.session(), number))


@door.post("/locations/range", may="places.manage", form=RangeForm)
def make_range() -> web.Answer:
    """Make many places in one go; with `dry_run` only tell what would be made."""
    form = RangeForm()
    if form.is_sent():
        typed = {level: form[level].data or "" for level in Level}
        width = form.capacity_mm.data or 0
        wanted = ranges.want(form.pattern.data or "", typed, capacity_mm=width)
        if form.dry_run.data:
            found = ranges.survey(web.session(), wanted)
            return _show_range(form, found)
        made = ranges.make(web.session(), wanted, by=web.me().actor, at=web.moment())
        said = _("%(count)s places were made.", count=made.made)
        return web.done({"made": made.made}, url_for("locations.list_locations"), said, status=201)
    if form.pattern.data is None:
        form = RangeForm(
            formdata=None, pattern=ranges.last_pattern(web.session()), capacity_mm=900, **SUGGESTED
        )
    return _show_range(form, None)


@door.post("/locations/<int:number>/card", may="places.manage", form=CardForm)
def write_card(number: int) -> web.Answer:
    """Write a place's name and width on its card."""
    place = locations.by_id(web.session(), number)
    form = CardForm(name=place.name, capacity_mm=place.capacity_mm)
    if form.is_sent():
        name, width = form.name.data or "", form.capacity_mm.data or 0
        describing.describe(
            web.session(), place, name=name, capacity_mm=width, by=web.me().actor, at=web.moment()
        )
        return _done(place, _("The card of %(code)s is written.", code=place.code))
    return _show(place, form)


@door.post("/locations/<int:number>/retire", may="places.manage", form=web.Form)
def retire(number: int) -> web.Answer:
    """Retire a place and all below it: nothing is put there any more."""
    place, form = locations.by_id(web.session(), number), web.Form()
    if form.is_sent():
        closing.retire(web.session(), place, by=web.me().actor, at=web.moment())
        return _done(place, _("%(code)s is retired.", code=place.code))
    return _show(place, refused=form)


@door.post("/locations/<int:number>/use-again", may="places.manage", form=web.Form)
def use_again(number: int) -> web.Answer:
    """Take a retired place into use again."""
    place, form = locations.by_id(web.session(), number), web.Form()
    if form.is_sent():
        closing.use_again(web.session(), place, by=web.me().actor, at=web.moment())
        return _done(place, _("%(code)s is in use again.", code=place.code))
    return _show(place, refused=form)


@door.post("/locations/<int:number>/remove", may="places.manage", form=web.Form)
def remove(number: int) -> web.Answer:
    """Remove a place that was made by mistake and never used, with all below it."""
    place, form = locations.by_id(web.session(), number), web.Form()
    if form.is_sent():
        code = place.code
        closing.remove(web.session(), place, by=web.me().actor, at=web.moment())
        said = _("%(code)s is removed.", code=code)
        return web.done({"removed": code}, url_for("locations.list_locations"), said)
    return _show(place, refused=form)


@door.get("/strays", may="folders.see", asks=("after", "past"))
def strays() -> web.Answer:
    """Folders that stand elsewhere than at home, in the order of the walk."""
    last = locations.path_of(web.session(), web.whole_number("past")), web.whole_number("after", 0)
    found = shelving.astray(web.session(), after=(last[0], last[1] or 0), limit=STRAYS)
    more = found[-1] if len(found) == STRAYS else None
    following = {"past": more.present_id, "after": more.id} if more else None
    then = url_for("locations.strays", past=more.present_id, after=more.id) if more else ""
    return web.show(
        "locations/strays.html",
        {"folders": [folder_brief(one) for one in found], "next": following},
        folders=found,
        next_url=then,
    )


@door.page.get("/locations/typed")
def typed_locations() -> ResponseReturnValue:
    """Places for the field in which one is typed."""
    web.house().guard("folders.see")
    found = locations.typed(web.session(), web.word("q"))
    return jsonify([{"value": p.code, "label": p.code, "hint": p.name} for p in found])


def _page_of_places(parent: Location | None) -> tuple[Sequence[Location], int | None]:
    """The places directly below one, after the one that is asked for; and the last, if more."""
    after = locations.path_of(web.session(), web.whole_number("after"))
    places = locations.below(web.session(), parent, after=after, limit=PAGE)
    return places, places[-1].id if len(places) == PAGE else None


def _fills(places: Sequence[Location]) -> dict[int, Fill]:
    """How full these places are; those found by their code may stand at different depths."""
    found: dict[int, Fill] = {}
    for depth in sorted({place.depth for place in places}):
        found |= fill.of(web.session(), [place for place in places if place.depth == depth])
    return found


def _show(
    place: Location, form: CardForm | None = None, *, refused: web.Form | None = None
) -> web.Answer:
    places, more = _page_of_places(place)
    fills = fill.of(web.session(), [place]) | fill.of(web.session(), places)
    higher, shelf = locations.above(web.session(), place), fill.picture(web.session(), place)
    data = location_json(place, fills[place.id]) | {
        "above": [one.code for one in higher],
        "locations": [location_json(one, fills[one.id]) for one in places],
        "held": [folder_brief(spine.folder) for spine in _spines(shelf)],
        "next": more,
    }
    card = CardForm(formdata=None, name=place.name, capacity_mm=place.capacity_mm)
    return web.show(
        "locations/one.html",
        data,
        place=place,
        above=higher,
        places=places,
        fills=fills,
        shelf=shelf,
        spines=_spines(shelf),
        levels=LEVELS,
        card=form or card,
        refused=refused,
        history=history.of(place.subject),
        next_url=url_for("locations.location", number=place.id, after=more) if more else "",
    )


def _spines(shelf: Picture | None) -> list[fill.Spine]:
    return [spine for one in shelf.compartments for spine in one.spines] if shelf else []


def _show_range(form: RangeForm, found: Survey | None) -> web.Answer:
    rows = found.rows if found else ()
    data = {
        "levels": [
            {"level": level, "count": count, "first": first, "last": last}
            for level, count, first, last in rows
        ],
        "count": found.count if found else 0,
        "new": found.new if found else 0,
    }
    return web.show(
        "locations/range.html", data, form=form, survey=found, levels=LEVELS, spans=list(Level)
    )


def _done(place: Location, said: str) -> web.Answer:
    full = fill.of(web.session(), [place])[place.id]
    return web.done(
        location_json(place, full), url_for("locations.location", number=place.id), said
    )
