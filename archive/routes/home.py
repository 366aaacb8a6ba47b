"""The first page: what waits, what is out, what is due."""

from archive import circulation, documents, users, volumes
from archive.base import web

door = web.Door("home")


@door.get("/", may="papers.see")
def home() -> web.Answer:
    """How the archive stands today."""
    states = documents.counts(web.session())
    out = circulation.count_out(web.session(), today=web.today())
    held = volumes.counts(web.session())
    me = users.by_id(web.session(), web.me().id)
    return web.show(
        "home.html",
        {"documents": states, "loans": out, "holdings": held},
        states=states,
        out=out,
        held=held,
        loans=circulation.held_by(web.session(), me),
        today=web.today(),
    )
