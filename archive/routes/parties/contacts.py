"""What is noted on a card: contacts, events to follow up, and the page of what is due."""

import re
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from archive import dossiers, parties
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.base.web.fields import DayField, VersionField
from archive.dossiers import Due
from archive.parties import Contact, Reminder, Told
from archive.routes.parties.cards import page_of
from archive.routes.parties.door import (
    PAGE,
    contact_json,
    door,
    follow_up_json,
    party_json,
)
from archive.users import User

DAYS = re.compile(r"\d{1,4}(\s*[,，、 ]\s*\d{1,4}){0,11}", re.ASCII)
CURSOR = re.compile(r"([12]\d{3}-\d\d-\d\d)_(\d)_(\d{1,10})", re.ASCII)


class NotDays(Invalid):
    text = N_("“%(typed)s” are not days. Write whole numbers with commas, like 3, 15, 30, 60.")


class ContactForm(web.Form):
    """Whom to turn to."""

    name = StringField(lazy_gettext("Contact person"), [DataRequired(), Length(max=100)])
    post = StringField(lazy_gettext("Post"), [Length(max=100)])
    phone = StringField(lazy_gettext("Phone"), [Length(max=60)])
    email = StringField(lazy_gettext("E-mail"), [Length(max=120)])
    valid_from = DayField(lazy_gettext("Valid from"), [Optional()])
    valid_to = DayField(
        lazy_gettext("Valid to"),
        [Optional()],
        description=lazy_gettext("The last day on which they are there, once it is known."),
    )


class EditContactForm(ContactForm):
    """A contact that is there."""

    version = VersionField(lazy_gettext("Version"), [InputRequired()])


class FollowUpForm(web.Form):
    """Something that happened, and when to look at it again."""

    event = StringField(lazy_gettext("What happened"), [DataRequired(), Length(max=300)])
    happened_on = DayField(lazy_gettext("On which day"), [InputRequired()])
    days = StringField(
        lazy_gettext("Remind after so many days"),
        [Length(max=80)],
        description=lazy_gettext("Whole numbers with commas; empty: as the company sets."),
    )


class SettleForm(web.Form):
    """What came of it."""

    outcome = StringField(lazy_gettext("What came of it"), [Length(max=300)])


@door.post("/parties/<int:number>/contacts", may="parties.write", form=ContactForm)
def new_contact(number: int) -> web.Answer:
    """Add a contact to a card."""
    card, form = parties.by_id(web.session(), number), ContactForm()
    if form.is_sent():
        made = parties.add_contact(
            web.session(), card, _told(form), by=web.me().actor, at=web.moment()
        )
        said = _("%(name)s is on the card.", name=made.name)
        return web.done(contact_json(made), page_of(card), said, status=201)
    return web.show("parties/contact.html", party_json(card), party=card, form=form, contact=None)


@door.post("/parties/<int:number>/contacts/<int:other>", may="parties.write", form=EditContactForm)
def edit_contact(number: int, other: int) -> web.Answer:
    """Change a contact, or say until when they are there."""
    card = parties.by_id(web.session(), number)
    held = parties.contact(web.session(), card, other)
    form = EditContactForm(obj=held)
    if form.is_sent():
        parties.edit_contact(
            web.session(), card, held, _told(form), version=form.version.data or 0,
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        return web.done(contact_json(held), page_of(card), _("The contact is saved."))
    return web.show("parties/contact.html", contact_json(held), party=card, form=form, contact=held)


@door.post("/parties/<int:number>/follow-ups", may="parties.write", form=FollowUpForm)
def new_follow_up(number: int) -> web.Answer:
    """Note an event, and remind oneself of it."""
    card = parties.by_id(web.session(), number)
    days = web.house().settings.reminder_days
    form = FollowUpForm(happened_on=web.today(), days=", ".join(map(str, days)))
    if form.is_sent() and form.happened_on.data:
        made = parties.follow_up(
            web.session(), card, form.event.data or "", form.happened_on.data,
            _days(form.days.data or "") or days, owner=web.session().get(User, web.me().id),
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        said = _("The event is noted; you will be reminded of it.")
        return web.done(follow_up_json(made), page_of(card), said, status=201)
    return web.show("parties/follow_up.html", party_json(card), party=card, form=form)


@door.post("/parties/<int:number>/reminders/<int:other>", may="parties.write", form=SettleForm)
def settle(number: int, other: int) -> web.Answer:
    """Say that one has looked at it, and what came of it."""
    card = parties.by_id(web.session(), number)
    held, form = parties.reminder(web.session(), card, other), SettleForm()
    if form.is_sent():
        parties.settle(
            web.session(), card, held, form.outcome.data or "", by=web.me().actor, at=web.moment()
        )
        told = follow_up_json(held.follow_up)
        return web.done(told, page_of(card), _("It is done; you are not reminded any more."))
    return web.show("parties/settle.html", party_json(card), party=card, form=form, reminder=held)


@door.get("/due", may="parties.write", asks=("whose", "after"))
def list_due() -> web.Answer:
    """What is due, the soonest first: reminders, and what lapses; `whose` is mine or all."""
    mine = web.word("whose") != "all"
    me = web.session().get(User, web.me().id) if mine else None
    found = dossiers.due(
        web.session(), today=web.today(), whose=me, after=_place(web.word("after")), limit=PAGE
    )
    more = "{}_{}_{}".format(*found[-1].place) if len(found) == PAGE else None
    whose = "mine" if mine else "all"
    return web.show(
        "parties/due.html",
        {"due": [_due_json(one) for one in found], "next": more},
        due=found,
        whose=whose,
        today=web.today(),
        next_url=url_for("parties.list_due", whose=whose, after=more) if more else "",
    )


def _told(form: ContactForm) -> Told:
    return Told(
        name=form.name.data or "",
        post=form.post.data or "",
        phone=form.phone.data or "",
        email=form.email.data or "",
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
    )


def _days(typed: str) -> list[int]:
    if not typed.strip():
        return []
    if not DAYS.fullmatch(typed.strip()):
        raise NotDays({"days": [_(NotDays.text) % {"typed": typed.strip()[:40]}]}, typed=typed[:40])
    return [int(number) for number in re.findall(r"\d+", typed)]


def _place(typed: str) -> tuple[date, int, int] | None:
    """Where a list of what is due goes on; one that cannot be read counts as not given."""
    shape = CURSOR.fullmatch(typed)
    try:
        return (date.fromisoformat(shape[1]), int(shape[2]), int(shape[3])) if shape else None
    except ValueError:
        return None


def _due_json(due: Due) -> dict[str, Any]:
    party = due.party
    told: dict[str, Any] = {
        "day": due.day.isoformat(),
        "kind": due.kind,
        "id": due.record.id,
        "party": {"id": party.id, "number": party.number, "name": party.name} if party else None,
    }
    if isinstance(due.record, Reminder):
        return told | {"event": due.record.follow_up.event}
    if isinstance(due.record, Contact):
        return told | {"contact": due.record.name}
    return told | {"title": due.record.shown_title}
