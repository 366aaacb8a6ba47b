"""Printing the forms of volumes: which volumes, which form, and who printed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from archive import volumes
from archive.base import ledger
from archive.base.errors import N_, Invalid, NotFound
from archive.base.ledger import Actor, Subject
from archive.volumes import Arrangement, Volume
from labels.bindery.gathering import Gatherer
from labels.draw import Drawn
from labels.forms import covers, lists, notes, spines
from labels.forms.words import Language

MOST_VOLUMES = 1000
MOST_LISTED = 5000  # volumes in file lists: a line each
MOST_PAPERS = 10_000  # in catalogues
MOST_NAMED = 10  # volumes in words; the ledger's row is about all of them

COVER, SPINE, CATALOGUE, NOTE, LIST = FORMS = ("cover", "spine", "catalogue", "note", "list")


class TooManyVolumes(Invalid):
    text = N_("At most %(most)s volumes are printed at once. Print them in parts.")


class TooManyPapers(Invalid):
    text = N_("Catalogues of at most %(most)s papers are printed at once. Print them in parts.")


class NoVolumeOfCode(NotFound):
    text = N_(
        "There is no volume with the archival code “%(code)s”. Look it up in the list of volumes."
    )


class NoVolumesThere(NotFound):
    text = N_("There is no volume of this category and year. Choose another year or category.")


class MixedArrangements(Invalid):
    text = N_(
        "Some of these volumes are arranged by item, others as volumes; their catalogues have "
        "different forms. Print them one kind at a time."
    )


@dataclass(frozen=True)
class Wanted:
    """Which form, and how: `width` of spines in mm, else as thick as each folder is."""

    form: str
    language: Language = "zh"
    is_soft: bool = False
    width: int | None = None


def volumes_typed(session: Session, typed: Iterable[str]) -> list[Volume]:
    """The volumes with these archival codes, in their order.

    Raises:
        TooManyVolumes: they are more than are printed at once.
        NoVolumeOfCode: one of them is no volume's.
    """
    codes = [volumes.spell(one) for one in typed]
    if len(codes) > MOST_VOLUMES:
        raise TooManyVolumes(most=MOST_VOLUMES)
    found = {volume.code: volume for volume in volumes.by_codes(session, codes)}
    for code in codes:
        if code not in found:
            raise NoVolumeOfCode(code=code[:80])
    return [found[code] for code in codes]


def volumes_of(session: Session, category: int | None, year: int | None) -> list[Volume]:
    """The volumes of a category's number and a year, either of which may be open, in order.

    Raises:
        TooManyVolumes: they are more than are listed at once.
        NoVolumesThere: there is none.
    """
    found = volumes.of_plan(session, category, year, limit=MOST_LISTED + 1)
    if not found:
        raise NoVolumesThere
    if len(found) > MOST_LISTED:
        raise TooManyVolumes(most=MOST_LISTED)
    return list(found)


def draw(
    session: Session, chosen: Sequence[Volume], wanted: Wanted, target: Path | BinaryIO
) -> Drawn:
    """Write the form of these volumes as a PDF. Hundreds take seconds: nothing may be locked.

    Raises:
        TooManyPapers: their catalogues would be too long.
        MixedArrangements: their catalogues have different forms.
        Refusal: of the craft, see `labels.forms`.
    """
    gather, language = Gatherer(session, wanted.language), wanted.language
    match wanted.form:
        case "cover":
            cover = covers.SOFT if wanted.is_soft else covers.HARD
            return covers.draw(gather.covers(chosen), target, cover=cover, language=language)
        case "spine":
            folders = volumes.folders_of_all(session, chosen)
            return spines.draw(
                gather.spines(chosen, folders, wanted.width), target, language=language
            )
        case "catalogue":
            return _draw_catalogues(gather, chosen, target)
        case "note":
            return notes.draw(gather.notes(chosen), target, language=language)
        case _:
            return lists.draw_file_lists(gather.file_lists(chosen), target, language=language)


def note_printed(
    session: Session, chosen: Sequence[Volume], form: str, *, by: Actor, at: datetime
) -> None:
    """Note in the ledger who printed which form of which volumes."""
    # A list is about its categories: thousands of volumes would drown their own histories.
    listed = {Subject("category", volume.category_id): None for volume in chosen}
    subjects = listed if form == LIST else [volume.subject for volume in chosen]
    named = [volume.code for volume in chosen[:MOST_NAMED]]
    ledger.record(
        session, "forms.printed", *subjects, by=by, at=at, step=form, count=len(chosen),
        codes=[*named, "…"] if len(chosen) > MOST_NAMED else named,
    )  # fmt: skip


def told(chosen: Sequence[Volume], wanted: Wanted, drawn: Drawn) -> dict[str, Any]:
    """What was printed, as JSON; `lacking` are characters that no font here has."""
    return {
        "form": wanted.form,
        "volumes": [volume.code for volume in chosen],
        "pages": drawn.pages,
        "lacking": drawn.lacking,
    }


def _draw_catalogues(gather: Gatherer, chosen: Sequence[Volume], target: Path | BinaryIO) -> Drawn:
    if sum(volume.items for volume in chosen) > MOST_PAPERS:
        raise TooManyPapers(most=MOST_PAPERS)
    arrangements = {volume.arrangement for volume in chosen}
    if len(arrangements) > 1:
        raise MixedArrangements
    catalogues = gather.catalogues(chosen)
    if arrangements == {Arrangement.ITEM}:
        return lists.draw_item_catalogues(catalogues, target, language=gather.language)
    return lists.draw_catalogues(catalogues, target, language=gather.language)
