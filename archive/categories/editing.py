"""Editing the plan: categories and types are added, renamed, put in order, retired, brought back.

A number that was given to a category stays: archival codes are made of it. The order of types is
only an order, so the others make room. Each change has its trace, before and after.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.categories.records import LONGEST_NAME, Category, DocumentType, Fonds
from archive.parties.changes import Changes
from archive.parties.spelling import shown_as

MOST_NUMBER = 99
# All that are offered stand in one list, which is read through by eye.
MOST_TYPES = 199

# What the fields are called where a change is told; names and order are called as on the cards.
FIELD_NAMES = {
    "kind": N_("Suggested for what is read as"),
    "retention": N_("Retention period"),
    "per_order": N_("Per order"),
    "original_stays": N_("The original may only be looked at"),
    "validity_months": N_("Months that it counts"),
}


class NoPlanName(Invalid):
    text = N_("A category or a type of paper needs a name. Type its Chinese name.")


class CategoryKnown(Conflict):
    text = N_("The plan has a category %(number)s already, “%(name)s”. Choose another number.")


class TypeKnown(Conflict):
    text = N_("The category has a type “%(name)s” already. Choose another name, or change that.")


class PlanFull(Conflict):
    text = N_("The plans offer %(most)s types of papers, the most that can be. Retire one first.")


class PlanChanged(Conflict):
    text = N_(
        "Someone changed this part of the filing plan after you opened it: nothing of yours was "
        "saved. Open it again, then make your change once more."
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of a type of paper. `position` counts from 1; None: as it is, or the last.
    `kind` is what the reader takes such papers for; `validity_months` None: it does not lapse."""

    name_zh: str
    name_en: str = ""
    retention: str = "D10"
    secrecy: str = "internal"
    kind: str = ""
    is_required: bool = False
    per_order: bool = False
    original_stays: bool = True
    validity_months: int | None = None
    position: int | None = None

    @property
    def values(self) -> dict[str, object]:
        """What the record keeps as it is said."""
        said = asdict(self)
        for apart in ("name_zh", "name_en", "position"):
            del said[apart]
        return said


def add_category(
    session: Session, fonds: Fonds, number: int, name_zh: str, name_en: str = "",
    *, by: Actor, at: datetime,
) -> Category:  # fmt: skip
    """Give a fonds' plan a new category.

    Raises:
        NoPlanName: it has no name.
        CategoryKnown: its number is given already, perhaps to a retired one.
    """
    query = select(Category).where(Category.fonds_id == fonds.id, Category.number == number)
    if known := session.scalar(query):
        raise CategoryKnown(number=number, name=known.name_zh)
    made = Category(fonds=fonds, number=number, name_zh=_name(name_zh), name_en=_shown(name_en))
    session.add(made)
    session.flush()
    ledger.record(
        session, "category.added", made.subject, fonds.subject, by=by, at=at,
        fonds=fonds.code, number=number, name=made.name_zh,
    )  # fmt: skip
    return made


def edit_category(
    session: Session, category: Category, name_zh: str, name_en: str,
    *, retired: bool, version: int, by: Actor, at: datetime,
) -> Changes:  # fmt: skip
    """Call a category otherwise, retire it or bring it back.

    Raises:
        PlanChanged: somebody changed it since `version`.
        NoPlanName: it has no name.
        PlanFull: with its types there would be more than can be offered.
    """
    _check_version(category, version)
    changes = Changes()
    changes.set(category, "name_zh", _name(name_zh))
    changes.set(category, "name_en", _shown(name_en))
    _retire(session, category, changes, retired=retired, at=at)
    if changes:
        category.version += 1
        ledger.record(
            session, "category.changed", category.subject, by=by, at=at,
            name=category.name_zh, changes=changes.told,
        )  # fmt: skip
    return changes


def add_type(
    session: Session, category: Category, told: Told, *, by: Actor, at: datetime
) -> DocumentType:
    """Give a category a new type of papers; those behind it make room.

    Raises:
        NoPlanName, TypeKnown: its name cannot be used.
        PlanFull: there are as many as can be offered.
    """
    made = DocumentType(
        name_zh=_unlike(category, told.name_zh), name_en=_shown(told.name_en),
        position=max((one.position for one in category.types), default=0) + 1, **told.values,
    )  # fmt: skip
    category.types.append(made)
    session.flush()
    _check_room(session)
    _place(made, told.position)
    ledger.record(
        session, "document_type.added", made.subject, category.subject, by=by, at=at,
        name=made.name_zh, category=category.name_zh,
    )  # fmt: skip
    return made


def edit_type(
    session: Session, kind: DocumentType, told: Told,
    *, retired: bool, version: int, by: Actor, at: datetime,
) -> Changes:  # fmt: skip
    """Change what the plan says of a type, its place in the order too; retire it, bring it back.

    Papers that were filed as it keep what they are.

    Raises:
        PlanChanged: somebody changed it, or moved it, since `version`.
        NoPlanName, TypeKnown: its name cannot be used.
        PlanFull: there are as many as can be offered.
    """
    _check_version(kind, version)
    changes = Changes()
    changes.set(kind, "name_zh", _unlike(kind.category, told.name_zh, but=kind))
    changes.set(kind, "name_en", _shown(told.name_en))
    for name, value in told.values.items():
        changes.set(kind, name, value)
    before = kind.position
    _place(kind, told.position)
    changes.note("position", before, kind.position)
    _retire(session, kind, changes, retired=retired, at=at)
    if changes:
        kind.version += 1
        ledger.record(
            session, "document_type.changed", kind.subject, kind.category.subject, by=by, at=at,
            name=kind.name_zh, changes=changes.told,
        )  # fmt: skip
    return changes


def _place(kind: DocumentType, position: int | None) -> None:
    """Put a type at a place in its category; whoever moves because of it, was changed too."""
    if position is None or position == kind.position:
        return
    order = sorted((one for one in kind.category.types if one is not kind), key=_by_position)
    order.insert(position - 1, kind)
    for place, one in enumerate(order, 1):
        if one.position != place:
            one.position = place
            one.version += one is not kind


def _by_position(kind: DocumentType) -> tuple[int, int]:
    return kind.position, kind.id


def _retire(
    session: Session, record: Category | DocumentType, changes: Changes,
    *, retired: bool, at: datetime,
) -> None:  # fmt: skip
    if bool(record.retired_at) == retired:
        return
    changes.note("retired", bool(record.retired_at), retired)
    record.retired_at = at if retired else None
    session.flush()
    _check_room(session)


def _check_room(session: Session) -> None:
    query = select(func.count()).select_from(DocumentType).join(Category)
    query = query.where(DocumentType.retired_at.is_(None), Category.retired_at.is_(None))
    if (session.scalar(query) or 0) > MOST_TYPES:
        raise PlanFull(most=MOST_TYPES)


def _check_version(record: Category | DocumentType, seen: int) -> None:
    if record.version != seen:
        raise PlanChanged


def _unlike(category: Category, name: str, *, but: DocumentType | None = None) -> str:
    shown = _name(name)
    for one in category.types:
        if one is not but and one.name_zh.casefold() == shown.casefold():
            raise TypeKnown(name=shown)
    return shown


def _name(typed: str) -> str:
    shown = _shown(typed)
    if not shown:
        raise NoPlanName
    return shown


def _shown(typed: str) -> str:
    return shown_as(typed, LONGEST_NAME)
