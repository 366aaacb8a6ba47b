"""Finding on the command line: `search`, and the index's state."""

import click
from markupsafe import Markup

from archive import documents
from archive.base import web
from archive.base.errors import N_
from archive.base.terminal import answer, in_house, json_option, translate
from search import routes
from search.entry import Question
from search.follow import Follower, the_index


@click.command()
@click.argument("query")
@click.option("--category", type=click.IntRange(1), help="Number of a category, e.g. 2.")
@click.option("--kind", type=click.Choice(documents.KINDS))
@click.option("--party", default="", help="Name of a party, or its unified social credit code.")
@click.option("--since", default="", help="ISO date, may be partial.")
@click.option("--until", default="", help="ISO date, may be partial.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@json_option
@in_house
def search(
    query: str,
    category: int | None,
    kind: str | None,
    party: str,
    since: str,
    until: str,
    limit: int,
    as_json: bool,
) -> None:
    """Find documents by their text."""
    card = routes.named_party(party) if party else None
    asked = Question(
        text=routes.bounded(query),
        category=routes.planned(str(category or "")),
        kind=kind or "",
        party=card.id if card else None,
        since=documents.partial_date(since),
        until=documents.partial_date(until),
        limit=limit,
    )
    total, hits = routes.ask(asked)
    told = [routes.hit_json(hit) for hit in hits]
    words = "\n".join(
        f"{hit['document']:>6} p{hit['page']} {hit['code'] or '-'} {hit['title']}\n"
        f"       {Markup(hit['snippet']).striptags()}"  # noqa: S704 - made by snippet()
        for hit in told
    )
    nothing = translate(N_("No paper contains this. Try fewer words, or leave out a filter."))
    answer({"total": total, "hits": told}, words or nothing, as_json=as_json)


@click.group()
def index() -> None:
    """The search index."""


@index.command()
@json_option
@in_house
def status(as_json: bool) -> None:
    """How many documents the index holds, and how far it is behind the ledger."""
    kept = the_index()
    follower = Follower(web.house().database, kept)
    data = {"documents": kept.count(), "bookmark": kept.bookmark(), "behind": follower.behind()}
    told = N_("Documents: %(documents)s. Ledger rows followed: %(bookmark)s, behind: %(behind)s.")
    answer(data, translate(told) % data, as_json=as_json)


@index.command()
@json_option
@in_house
def rebuild(as_json: bool) -> None:
    """Write the whole index again from the records."""
    kept = the_index()
    follower = Follower(web.house().database, kept)
    kept.clear()
    while follower.step():
        pass
    data = {"documents": kept.count()}
    told = N_("The index is built again: %(documents)s documents.")
    answer(data, translate(told) % data, as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (search, index)
