"""Volumes: their list, and each one's documents and folders."""

from typing import Any

from flask import url_for

from archive import documents, volumes
from archive.base import web
from archive.routes import history
from archive.volumes import Folder, Volume

PAGE = 50
door = web.Door("volumes")


def volume_json(volume: Volume) -> dict[str, Any]:
    """A volume as JSON."""
    return {
        "id": volume.id,
        "code": volume.code,
        "title": volume.title,
        "year": volume.year,
        "retention": volume.retention,
        "items": volume.items,
        "pages": volume.pages,
        "state": str(volume.state),
    }


def folder_brief(folder: Folder) -> dict[str, Any]:
    """A folder in a list, as JSON."""
    return {
        "code": folder.code,
        "part": folder.part,
        "volume": folder.volume.code,
        "title": folder.volume.title,
        "home": folder.home.code if folder.home else "",
        "present": folder.present.code if folder.present else "",
    }


@door.get("/volumes", may="folders.see", asks=("q", "before"))
def list_volumes() -> web.Answer:
    """Volumes, the newest first; `before` pages on, `q` finds by the beginning of the code."""
    typed = web.word("q")
    found = volumes.listed(web.session(), typed, before=web.whole_number("before"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "volumes/list.html",
        {"volumes": [volume_json(volume) for volume in found], "next": more},
        volumes=found,
        typed=typed,
        next_url=url_for("volumes.list_volumes", q=typed, before=more) if more else "",
    )


@door.get("/volumes/<int:number>", may="folders.see", asks=("after",))
def volume(number: int) -> web.Answer:
    """A volume with its documents in order; `after` pages on."""
    found = volumes.by_id(web.session(), number)
    after = web.whole_number("after", 0) or 0
    papers = documents.of_volume(web.session(), found, after=after, limit=PAGE)
    more = papers[-1].position if len(papers) == PAGE else None
    folders = volumes.folders_of(web.session(), found)
    data = volume_json(found) | {
        "folders": [folder_brief(folder) for folder in folders],
        "documents": [{"id": p.id, "code": p.code, "title": p.shown_title} for p in papers],
        "next": more,
    }
    return web.show(
        "volumes/one.html",
        data,
        volume=found,
        folders=folders,
        documents=papers,
        history=history.of(found.subject),
        next_url=url_for("volumes.volume", number=number, after=more) if more else "",
    )
