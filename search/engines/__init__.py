"""Engines that keep the index, chosen by name."""

from pathlib import Path

from search.engines.index import N_, Index, IndexBusy, IndexTorn
from search.engines.whoosh_index import WhooshIndex

__all__ = ["ENGINES", "EngineUnknown", "Index", "IndexBusy", "IndexTorn", "open_index"]

ENGINES = {"whoosh": WhooshIndex}


class EngineUnknown(Exception):
    """There is no engine of that name."""

    text = N_("There is no search engine %(engine)s: choose one of %(engines)s.")

    def __init__(self, engine: str) -> None:
        self.params = {"engine": engine, "engines": ", ".join(ENGINES)}
        super().__init__(self.text % self.params)


def open_index(folder: Path, engine: str = "whoosh") -> Index:
    """The index kept in a folder, made when there is none. Raises EngineUnknown.

    A torn one opens as well, so that it can be cleared; asked anything else it raises IndexTorn.
    """
    if engine not in ENGINES:
        raise EngineUnknown(engine)
    return ENGINES[engine](folder)
