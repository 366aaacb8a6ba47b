"""Finding on the command line: `search`, and the index's state."""

import click

from archive.base import web
from archive.base.terminal import answer, in_house, json_option
from search import routes
from search.entry import Question
from search.follow import Follower, the_index


@click.command()
@click.argument("query")
@click.option("--category", default="", help="Number of a category, e.g. 2.")
@click.option("--kind", default="", help="licence, contract, waybill, invoice or other.")
@click.option("--since", default="", help="ISO date, may be partial.")
@click.option("--until", default="", help="ISO date, may be partial.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@json_option
@in_house
def search(
    query: str, category: str, kind: str, since: str, until: str, limit: int, as_json: bool
) -> None:
    """Find documents by their text."""
    asked = Question(
        text=query, category=category, kind=kind, since=since, until=until, limit=limit
    )
    total, hits = routes.ask(asked)
    told = [routes.hit_json(hit) for hit in hits]
    words = "\n".join(
        f"{hit['document']:>6} p{hit['page']} {hit['code'] or '-'} {hit['title']}\n"
        f"       {hit['snippet']}"
        for hit in told
    )
    answer({"total": total, "hits": told}, words or "0", as_json=as_json)


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
    answer(data, "\n".join(f"{name}: {value}" for name, value in data.items()), as_json=as_json)


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
    answer({"documents": kept.count()}, f"{kept.count()}", as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (search, index)
