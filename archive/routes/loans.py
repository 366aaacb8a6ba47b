"""Loans: what is out, the soonest due first."""

from datetime import date

from flask import request, url_for

from archive import circulation
from archive.base import web
from archive.routes.folders import loan_json
from archive.routes.volumes import folder_brief

PAGE = 50
door = web.Door("loans")


@door.get("/loans", may="folders.see", asks=("after",))
def list_loans() -> web.Answer:
    """Folders that are out; `after` (a due day and a loan's id: 2026-05-31_17) pages on."""
    found = circulation.open_loans(web.session(), after=_bookmark(), limit=PAGE)
    last = f"{found[-1].due_on.isoformat()}_{found[-1].id}" if len(found) == PAGE else ""
    return web.show(
        "loans/list.html",
        {
            "loans": [loan_json(one) | {"folder": folder_brief(one.folder)} for one in found],
            "next": last or None,
        },
        loans=found,
        today=web.today(),
        next_url=url_for("loans.list_loans", after=last) if last else "",
    )


def _bookmark() -> tuple[date, int] | None:
    day, _, number = request.args.get("after", "").partition("_")
    try:
        bookmark = date.fromisoformat(day), int(number[:10])
    except ValueError:
        return None
    return bookmark if bookmark[1] <= web.MOST_NUMBER else None
