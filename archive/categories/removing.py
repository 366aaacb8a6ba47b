"""Removing from the plan what was put there by mistake: only what nothing uses."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.categories.records import Category, DocumentType
from archive.covers import CoverSheet
from archive.documents import Document
from archive.volumes import Volume


class InUse(Conflict):
    text = N_(
        "“%(name)s” is in use, so it stays in the plan. Retire it instead: the old papers keep it, "
        "and no new paper is filed there."
    )


class HasTypes(Conflict):
    text = N_("“%(name)s” has types of papers. Remove those first, or retire the category.")


def remove_type(session: Session, kind: DocumentType, *, by: Actor, at: datetime) -> None:
    """Take a type out of the plan. Raises InUse."""
    papers = exists().where(Document.type_id == kind.id)
    sheets = exists().where(CoverSheet.type_id == kind.id)
    if session.scalar(select(or_(papers, sheets))):
        raise InUse(name=kind.name_zh)
    subjects = (kind.subject, kind.category.subject)
    ledger.record(session, "document_type.removed", *subjects, by=by, at=at, name=kind.name_zh)
    session.delete(kind)


def remove_category(session: Session, category: Category, *, by: Actor, at: datetime) -> None:
    """Take a category out of the plan. Raises HasTypes, InUse."""
    if session.scalar(select(exists().where(Volume.category_id == category.id))):
        raise InUse(name=category.name_zh)
    if category.types:
        raise HasTypes(name=category.name_zh)
    subjects = (category.subject, category.fonds.subject)
    ledger.record(session, "category.removed", *subjects, by=by, at=at, name=category.name_zh)
    session.delete(category)
