"""What rows name that is known: categories and document types by their names, parties, volumes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import categories, locations
from archive.base.errors import N_, Invalid
from archive.categories import Category, DocumentType
from archive.exchange.columns import fold
from archive.exchange.runs import Draft, ImportKey, ImportRun
from archive.parties import Party
from archive.parties.spelling import fold as fold_name
from archive.parties.spelling import shown_as


class NoSuchCategoryName(Invalid):
    text = N_("“%(typed)s” is no category of the filing plan. Write its number or its name.")


class NoSuchTypeName(Invalid):
    text = N_("“%(typed)s” is no document type of the filing plan. Write one that the plan has.")


class NoSuchCard(Invalid):
    text = N_("There is no party with the number %(number)s. Correct it, or leave it empty.")


class OtherParty(Invalid):
    text = N_("The card with this number is “%(name)s”. Correct the number or the name.")


class NeedsParty(Invalid):
    text = N_("This row names no party. Write its name, or the number of its card.")


@dataclass
class Plan:
    """The filing plan by the names that catalogues use."""

    categories: dict[str, Category] = field(default_factory=dict)
    types: dict[str, list[DocumentType]] = field(default_factory=dict)

    def category(self, typed: str) -> Category | None:
        """The category of this number or name. Raises NoSuchCategoryName."""
        if not typed:
            return None
        found = self.categories.get(fold(typed))
        if found is None:
            raise NoSuchCategoryName(typed=typed[:40])
        return found

    def type(self, typed: str, category: Category | None) -> DocumentType | None:
        """The type of this name, in this category if one is given. Raises NoSuchTypeName."""
        if not typed:
            return None
        for known in self.types.get(fold(typed), []):
            if category is None or known.category_id == category.id:
                return known
        raise NoSuchTypeName(typed=typed[:40])


def plan_of(session: Session) -> Plan:
    """The filing plan of this archive."""
    plan = Plan()
    for category in categories.plan(session):
        for name in (str(category.number), category.name_zh, category.name_en):
            plan.categories.setdefault(fold(name), category)
        for kind in category.types:
            for name in {kind.name_zh, kind.name_en}:
                plan.types.setdefault(fold(name), []).append(kind)
    return plan


def folded(name: str) -> str:
    """A party's name as names are compared, without the keys that lists are sorted by."""
    shown = shown_as(name)
    return fold_name(shown) or shown


def party_key(name: str) -> str:
    """What a row calls a party by its name."""
    return f"party/{folded(name)}"


def number_key(number: int) -> str:
    """What a row calls a party by the number of its card."""
    return f"card/{number}"


def staged(session: Session, run: ImportRun, keys: Iterable[str]) -> set[str]:
    """Those of the keys that rows before these have."""
    wanted = set(keys)
    if not wanted:
        return set()
    query = select(ImportKey.key).where(ImportKey.run_id == run.id, ImportKey.key.in_(wanted))
    return set(session.scalars(query))


def by_number(session: Session, numbers: Iterable[int | None]) -> dict[int, Party]:
    """The cards with these numbers."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    found = session.scalars(select(Party).where(Party.number.in_(wanted)))
    return {party.number: party for party in found}


def check_homes(session: Session, drafts: Sequence[Draft]) -> None:
    """Refuse rows whose place is none, or not in the tree of places if there is one."""
    for code in {str(draft.told.get("home") or "") for draft in drafts} - {""}:
        if problem := _no_place(session, code):
            for draft in drafts:
                if draft.told.get("home") == code:
                    draft.refuse("home", problem)


def _no_place(session: Session, code: str) -> Exception | None:
    try:
        locations.expected_at(session, code)
    except Invalid as problem:
        return problem
    return None


def check_parties(session: Session, run: ImportRun, drafts: Sequence[Draft]) -> None:
    """Refuse rows that name no party, one that is not there, or two at once."""
    numbers = {int(draft.told.get("party_number") or 0) for draft in drafts} - {0}
    known = by_number(session, numbers)
    coming = staged(session, run, (number_key(number) for number in numbers))
    for draft in drafts:
        number, name = draft.told.get("party_number"), draft.told.get("party") or ""
        if number in known:
            if name and folded(name) != known[number].folded:
                draft.refuse("party_number", OtherParty(name=known[number].name))
        elif number and number_key(number) not in coming:
            draft.refuse("party_number", NoSuchCard(number=number))
        elif not number and not folded(name):
            draft.refuse("party", NeedsParty())
