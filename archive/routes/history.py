"""The ledger for readers: its rows as sentences, and its pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from archive import categories, documents, parties
from archive.base import ledger, web
from archive.base.errors import N_, Invalid, NotFound
from archive.base.ledger import LedgerRow, Subject
from archive.users import ROLE_NAMES

PAGE = 50
door = web.Door("history")


class NoRecordNamed(Invalid):
    text = N_("This names no record. Give its kind and its number: kind=folder&ref=17.")


class NoHistory(NotFound):
    text = N_("The ledger tells nothing of %(kind)s %(ref)s. Check the kind and the number.")


FIELD_NAMES = parties.FIELD_NAMES | documents.FIELD_NAMES | categories.FIELD_NAMES

# Fields whose values are keys, and what these are called.
NAMED_VALUES = {"secrecy": categories.SECRECIES, "retention": categories.RETENTIONS}

# What each event is called; the places are filled from the row's own data.
SENTENCES = {
    "fonds.founded": N_("founded the fonds %(code)s %(name)s"),
    "category.added": N_("added category %(number)s, “%(name)s”, to the plan of fonds %(fonds)s"),
    "category.changed": N_("changed the category “%(name)s”: %(changes)s"),
    "category.removed": N_("removed the unused category “%(name)s” from the plan"),
    "document_type.added": N_("added the type “%(name)s” to the category “%(category)s”"),
    "document_type.changed": N_("changed the type “%(name)s”: %(changes)s"),
    "document_type.removed": N_("removed the unused type “%(name)s” from the plan"),
    "fonds.pattern_chosen": N_("chose another pattern of archival codes: %(before)s → %(after)s"),
    "user.invited": N_("made a one-time link for a new %(role)s"),
    "user.created": N_("made the account %(login)s (%(role)s)"),
    "user.logged_in": N_("logged in"),
    "user.password_changed": N_("set a new password"),
    "user.token_issued": N_("issued the API key “%(label)s”"),
    "user.token_revoked": N_("revoked the API key “%(label)s”"),
    "user.closed": N_("closed the account %(login)s"),
    "party.created": N_("made the card of %(name)s"),
    "party.changed": N_("changed the card of %(name)s: %(changes)s"),
    "party.papers_told": N_("changed by what the papers of %(name)s are found"),
    "party.contact_added": N_("added %(contact)s to the contacts of %(name)s"),
    "party.contact_changed": N_("changed the contact %(contact)s of %(name)s: %(changes)s"),
    "party.follow_up_noted": N_(
        "noted “%(event)s” of %(happened_on)s for %(name)s, to be looked at on %(reminders)s"
    ),
    "party.reminder_settled": N_("looked at “%(event)s” of %(name)s, due on %(due_on)s"),
    "party.reminder_settled.noted": N_(
        "looked at “%(event)s” of %(name)s, due on %(due_on)s: “%(note)s”"
    ),
    "party.merged": N_(
        "merged card %(number)s, %(other)s, into card %(kept)s, %(name)s; taken over: %(changes)s"
    ),
    "party.papers_moved": N_("moved the papers of card %(number)s to card %(kept)s, %(name)s"),
    "volume.set_beside": N_("closed volume %(code)s: volume %(other)s takes the new papers"),
    "term.added": N_("added “%(name)s” to the list “%(list)s”"),
    "term.changed": N_("changed “%(name)s” in the list “%(list)s”: %(changes)s"),
    "own_field.defined": N_("gave the cards the field “%(name)s”"),
    "own_field.changed": N_("changed the cards’ field “%(name)s”: %(changes)s"),
    "document.received": N_("received %(name)s"),
    "document.read": N_("read %(name)s; pages: %(pages)s"),
    "document.failed": N_("could not read %(name)s"),
    "document.kept_both": N_("kept %(name)s beside %(other)s, which looks alike"),
    "document.rescanned": N_(
        "attached the better scan %(file)s to “%(name)s”; the older one is kept as %(older)s"
    ),
    "document.rescan_undone": N_(
        "brought the older scan of “%(name)s” back; the better one is %(better)s again"
    ),
    "document.put_away": N_("put “%(name)s” away from the inbox"),
    "document.brought_back": N_("brought “%(name)s” back into the inbox"),
    "document.retried": N_("asked to read %(name)s once more"),
    "document.page_retried": N_("asked to read page %(page)s of %(name)s once more"),
    "document.corrected": N_("corrected page %(page)s, line %(line)s: “%(before)s” → “%(after)s”"),
    "document.compared": N_("compared page %(page)s, line %(line)s with the paper: “%(after)s”"),
    "document.imported": N_("took “%(title)s” into the catalogue as %(code)s"),
    "volume.imported": N_("took volume %(code)s into the catalogue"),
    "import.done": N_("imported %(rows)s rows from %(name)s"),
    "document.filed": N_("filed “%(title)s” as %(code)s"),
    "document.described": N_("corrected the description of %(code)s: %(changes)s"),
    "document.moved": N_("moved “%(title)s” from %(before)s to %(after)s: “%(why)s”"),
    "document.placed": N_("laid %(code)s “%(title)s” at place %(after)s in its volume"),
    "document.counted": N_(
        "counted the pages of %(name)s on paper: %(pages)s; scanned: %(scanned)s"
    ),
    "volume.opened": N_("opened volume %(code)s with folder %(folder)s"),
    "volume.described": N_("wrote the title or the note sheet of volume %(code)s"),
    "volume.sorted": N_("put volume %(code)s in order by dates and types"),
    "volume.split": N_("split volume %(code)s; folders: %(parts)s, new: %(folders)s"),
    "volume.closed": N_("closed volume %(code)s; items: %(items)s, pages: %(pages)s"),
    "volume.reopened": N_("reopened volume %(code)s: “%(why)s”"),
    "folder.shelved": N_("gave folder %(folder)s the place %(place)s"),
    "folder.shelved.noted": N_("gave folder %(folder)s the place %(place)s: “%(note)s”"),
    "location.made": N_("made %(count)s places, from %(first)s to %(last)s"),
    "location.described": N_("wrote the card of place %(code)s: “%(name)s”, %(capacity_mm)s mm"),
    "location.retired": N_("retired the place %(code)s and those below it (%(count)s in all)"),
    "location.used_again": N_("took the place %(code)s into use again (%(count)s in all)"),
    "location.removed": N_("removed the unused place %(code)s (%(count)s in all)"),
    "plan.made": N_("made the re-shelving plan “%(title)s”; folders: %(count)s"),
    "plan.done": N_("finished the re-shelving plan “%(title)s”"),
    "plan.stopped": N_("stopped the re-shelving plan “%(title)s”; folders moved: %(count)s"),
    "folder.moved": N_("put folder %(folder)s at %(place)s for now"),
    "folder.moved.noted": N_("put folder %(folder)s at %(place)s for now: “%(note)s”"),
    "folder.checked_out": N_(
        "lent folder %(folder)s to %(borrower)s until %(due_on)s for “%(purpose)s”"
    ),
    "folder.returned": N_("took folder %(folder)s back from %(borrower)s"),
    "folder.returned.noted": N_("took folder %(folder)s back from %(borrower)s: “%(note)s”"),
    "scan.cancelled": N_("threw away a scan on %(device)s; pages: %(pages)s"),
    "batch.arranged": N_("rearranged batch %(batch)s; pages: %(pages)s, papers: %(documents)s"),
    "batch.arranged.divided": N_("divided batch %(batch)s into papers: %(documents)s"),
    "batch.arranged.split": N_("split batch %(batch)s at page %(place)s"),
    "batch.arranged.join": N_(
        "joined the paper at page %(place)s of batch %(batch)s to the one before it"
    ),
    "batch.arranged.move": N_("moved pages of batch %(batch)s, from page %(place)s on"),
    "batch.arranged.earlier": N_("moved pages of batch %(batch)s, from page %(place)s on"),
    "batch.arranged.later": N_("moved pages of batch %(batch)s, from page %(place)s on"),
    "batch.arranged.to-before": N_("moved a page of batch %(batch)s to the paper before"),
    "batch.arranged.to-next": N_("moved a page of batch %(batch)s to the next paper"),
    "batch.arranged.turn": N_("turned page %(place)s of batch %(batch)s"),
    "batch.arranged.set-aside": N_("set page %(place)s of batch %(batch)s aside"),
    "batch.arranged.restore": N_("put page %(place)s of batch %(batch)s back among the papers"),
    "batch.arranged.separator": N_("took page %(place)s of batch %(batch)s for a separator"),
    "batch.arranged.cover": N_(
        "took page %(place)s of batch %(batch)s for the cover sheet %(cover)s"
    ),
    "batch.arranged.settle": N_("left page %(place)s of batch %(batch)s as it is"),
    "batch.arranged.collate": N_("put the fronts and backs of batch %(batch)s together"),
    "batch.arranged.collate-forwards": N_("put the fronts and backs of batch %(batch)s together"),
    "batch.arranged.undone": N_("undid a step in batch %(batch)s, at page %(place)s"),
    "batch.opened": N_("opened batch %(batch)s"),
    "batch.counted": N_("counted the sheets of batch %(batch)s: %(sheets)s"),
    "cover.made": N_("made the sheet %(code)s for stacks"),
    "labels.printed": N_("printed labels (%(count)s): %(codes)s"),
    "forms.printed.cover": N_("printed covers of volumes (%(count)s): %(codes)s"),
    "forms.printed.spine": N_("printed spines of volumes (%(count)s): %(codes)s"),
    "forms.printed.catalogue": N_("printed catalogues of volumes (%(count)s): %(codes)s"),
    "forms.printed.note": N_("printed note sheets of volumes (%(count)s): %(codes)s"),
    "forms.printed.list": N_("printed a list of volumes (%(count)s): %(codes)s"),
    "forms.printed.stamp": N_("printed the archive stamp on a copy of the scan of %(codes)s"),
    "demo.begun": N_("began to make the sample archive"),
    "demo.filled": N_("made the sample archive"),
}


def sentence(row: LedgerRow) -> str:
    """What a row tells, in the reader's language."""
    facts = dict(row.data)
    more = "noted" if facts.get("note") else facts.get("step", "")
    known = SENTENCES.get(f"{row.action}.{more}") or SENTENCES.get(row.action)
    role = ROLE_NAMES.get(facts.get("role", ""))
    if role:
        facts["role"] = gettext(role)
    if list_name := facts.get("list"):
        facts["list"] = gettext(list_name)
    if "changes" in facts:
        facts["changes"] = _changes(facts["changes"])
    for name, fact in facts.items():
        if isinstance(fact, list):
            facts[name] = gettext(", ").join(map(str, fact))
    return gettext(known) % _Gaps(facts) if known else row.action


def _changes(told: list[dict[str, str]]) -> str:
    """Fields with what stood in them before and after, in the reader's language."""
    said = [
        gettext("%(field)s: %(before)s → %(after)s", field=_field(one),
                before=_value(one, "before"), after=_value(one, "after"))
        for one in told
    ]  # fmt: skip
    return str(gettext("; ")).join(said) or "—"


def _field(change: dict[str, str]) -> str:
    known = FIELD_NAMES.get(change["field"])
    return str(gettext(known)) if known else change.get("called", change["field"])


def _value(change: dict[str, str], when: str) -> str:
    written = change[when] or "—"
    named = NAMED_VALUES.get(change["field"], {}).get(written)
    return str(gettext(named)) if named else written


def row_json(row: LedgerRow) -> dict[str, Any]:
    """A row as JSON."""
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "action": row.action,
        "subjects": row.subjects,
        "data": row.data,
        "hash": row.hash,
    }


@dataclass(frozen=True)
class Told:
    """A row as a page tells it."""

    when: datetime
    who: str
    what: str


def told(rows: Iterable[LedgerRow]) -> list[Told]:
    """Rows as a page tells them."""
    return [Told(row.at, _who(row), sentence(row)) for row in rows]


def of(subject: Subject, *, limit: int = 20) -> list[Told]:
    """The newest part of one record's history."""
    return told(ledger.history(web.session(), subject, limit=limit))


@door.get("/ledger", may="ledger.see", asks=("kind", "ref", "before"))
def ledger_page() -> web.Answer:
    """The ledger, newest first; `before` pages on."""
    before, about = web.whole_number("before"), _asked()
    if about:
        rows = ledger.history(web.session(), about, before=before, limit=PAGE)
        # Whatever there is, its making stands in the ledger.
        if not rows and before is None:
            raise NoHistory(kind=about.kind[:20], ref=about.id)
    else:
        rows = ledger.newest(web.session(), before=before, limit=PAGE)
    more = rows[-1].id if len(rows) == PAGE else None
    kind, ref = (about.kind, about.id) if about else (None, None)
    return web.show(
        "history/ledger.html",
        {"rows": [row_json(row) for row in rows], "next": more},
        rows=told(rows),
        next_url=url_for("history.ledger_page", kind=kind, ref=ref, before=more) if more else "",
    )


@door.post("/ledger/verify", may="ledger.see")
def verify() -> web.Answer:
    """Compute the whole chain again."""
    # It only reads, for minutes where the ledger is long: nobody who writes waits for it.
    with web.house().database.reading() as session:
        verdict = ledger.verify(session)
    return web.show("history/verdict.html", verdict.data, verdict=verdict)


def _asked() -> Subject | None:
    """The one record whose history is asked for; None when it is the whole ledger's."""
    kind, typed = web.word("kind"), web.word("ref")
    if not kind and not typed:
        return None
    ref = web.whole_number("ref")
    if not kind or ref is None:
        raise NoRecordNamed
    return Subject(kind, ref)


def _who(row: LedgerRow) -> str:
    return row.actor if row.actor_id is not None else gettext("Juanzong")


class _Gaps(dict[str, Any]):
    """A row's data; a place that an old row does not fill stays visibly empty."""

    def __missing__(self, key: str) -> str:
        return "…"
