"""The first page: what waits, what is out, what is due."""

from archive import circulation, documents, volumes
from archive.base import web

door = web.Door("home")


@door.get("/", may="papers.see")
def home() -> web.Answer:
    """How the archive stands today."""
    states = documents.counts(web.session())
    out = circulation.count_out(web.session(), today=web.today())
    held = volumes.counts(web.session())
    data = {"documents": states, "loans": out, "holdings": held}
    return web.show("home.html", data, states=states, out=out, held=held)
