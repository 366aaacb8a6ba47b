"""How fast the index takes papers in and finds them again, and whether it is exact.

python -m tests.bench.finding --pages 10000 [--engine whoosh] [--json]
"""

import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from search.analysis import Reading, read
from search.engines import ENGINES, Index, open_index
from search.entry import Entry, Question
from search.highlight import marks, snippet
from search.query import parse
from tests.bench import tables
from tests.bench.papers import COMMON, ENGLISH, Papers, Planted

BATCH = 500  # documents of a commit when an index is built
COMMITS = 200
CHECKED = 20_000  # pages that are read one by one to check every question's answer
BOILERPLATE = ("违约责任", "人民法院", "不可抗力", "有限公司", "友好协商", "以资共同遵守")


def measure(pages: int, engine: str, folder: Path) -> dict[str, Any]:
    """Build, ask, commit one by one, ask again."""
    papers = Papers(pages)
    asked = list(questions(papers))
    before = memory()
    index = open_index(folder / "index", engine)
    built = _timed(lambda: build(index, papers.entries))
    figures: dict[str, Any] = {
        "engine": engine,
        "pages": pages,
        "documents": len(papers.entries),
        "pages a second": round(pages / built),
        "MB": round(size(folder) / 1e6, 1),
        "first question ms": round(_timed(lambda: index.search(Question("甲方"))) * 1e3, 1),
        "question ms": ask(partial(open_index, folder / "index", engine), asked),
        "planted": planted(index, papers.planted),
    }
    figures["memory MB"] = round((memory() - before) / 1e6)
    if pages <= CHECKED:
        figures["checked one by one"] = checked(index, papers.entries, asked)
    figures["commit of one document ms"] = commits(index, pages)
    again = ask(partial(open_index, folder / "index", engine), asked)
    figures["question after commits ms"] = again["all"]
    figures["20 snippets ms"] = snippets(index, papers.entries, asked)
    index.close()
    return figures


def build(index: Index, entries: list[Entry]) -> None:
    """Write all entries, some hundred at a time, as a follower does."""
    rows = iter(entries)
    while batch := list(islice(rows, BATCH)):
        index.write(batch, [], batch[-1].document)


def questions(papers: Papers) -> Iterator[tuple[str, Question]]:
    """Two hundred questions of ten kinds."""
    chance = random.Random(4711)

    def page() -> str:
        return chance.choice(chance.choice(papers.entries).pages)

    def run(length: int) -> str:
        form = read(page()).form.split()
        runs = [word for word in form if len(word) >= length and not word.isascii()]
        word = chance.choice(runs)
        start = chance.randrange(len(word) - length + 1)
        return word[start : start + length]

    for _ in range(20):
        entry = chance.choice(papers.entries)
        yield "one character", Question(chance.choice(COMMON))
        yield "two characters", Question(run(2))
        yield "four characters", Question(run(4))
        yield "eight characters", Question(run(8))
        yield "what every paper says", Question(chance.choice(BOILERPLATE))
        yield "company", Question(entry.names[0])
        yield "code", Question(entry.names[1].replace("-", ""))
        yield "beginning of a code", Question(entry.names[1][:-2] + "*")
        yield "English", Question(" ".join(chance.sample(ENGLISH, 2)))
        yield (
            "three words, filtered",
            Question(
                f"{run(2)} {run(2)} {run(2)}",
                category=entry.category,
                since="2010",
                until="2020-06",
            ),
        )


def ask(
    opened: Callable[[], Index], asked: list[tuple[str, Question]], passes: int = 3
) -> dict[str, Any]:
    """Median of some passes for each question, by kind and together.

    Each pass opens the index anew: an open one remembers what it proved once.
    """
    runs = []
    for _ in range(passes):
        index = opened()
        index.search(Question("甲方"))  # what opening takes is told by itself
        runs.append([_timed(partial(index.search, q)) for _, q in asked])
        index.close()
    times = np.median(np.array(runs), axis=0) * 1e3
    kinds = list(dict.fromkeys(kind for kind, _ in asked))
    chosen = {kind: [i for i, (k, _) in enumerate(asked) if k == kind] for kind in kinds}
    return {"all": _spread(times), **{kind: _spread(times[i]) for kind, i in chosen.items()}}


def planted(index: Index, phrases: list[Planted]) -> dict[str, float]:
    """What was planted must be found, and nothing else."""
    found = [(_documents(index, each.phrase), each.documents) for each in phrases]
    right = sum(len(hits & held) for hits, held in found)
    return {
        "phrases": len(phrases),
        "recall": right / sum(len(held) for _, held in found),
        "precision": right / sum(len(hits) for hits, _ in found),
    }


def checked(
    index: Index, entries: list[Entry], asked: list[tuple[str, Question]]
) -> dict[str, float]:
    """Every question without filters against a look into every text."""
    readings = {
        e.document: [read(text) for text in (e.title, e.code, *e.names, *e.pages)] for e in entries
    }
    right = held = hit = 0
    for _, question in asked:
        if question.category:
            continue
        truth = {document for document, texts in readings.items() if _answers(texts, question)}
        hits = _documents(index, question.text)
        right, held, hit = right + len(hits & truth), held + len(truth), hit + len(hits)
    return {"recall": right / held, "precision": right / hit}


def _answers(texts: list[Reading], question: Question) -> bool:
    return all(any(c.is_in(text) for text in texts) for c in parse(question.text).clauses)


def _documents(index: Index, text: str) -> set[int]:
    return {hit.document for hit in index.search(Question(text, limit=10**9)).hits}


def commits(index: Index, pages: int) -> dict[str, float]:
    """One document of a page each time, found at once; then each tenth written again."""
    fresh = Papers(COMMITS, seed=pages).entries[: COMMITS // 2]
    times = []
    for i, entry in enumerate([*fresh, *fresh[::2]]):
        called = f"新到文件{i}号"
        new = Entry(**{**vars(entry), "document": entry.document + 10**7, "names": (called,)})
        times.append(_timed(partial(index.write, [new], [], i)) * 1e3)
        assert [h.document for h in index.search(Question(called)).hits] == [new.document]
    return _spread(np.array(times))


def snippets(
    index: Index, entries: list[Entry], asked: list[tuple[str, Question]]
) -> dict[str, float]:
    """Marks and sentences for one page of hits."""
    pages = {entry.document: entry.pages for entry in entries}

    def show(question: Question) -> None:
        for hit in index.search(question).hits:
            if hit.page and hit.document in pages:
                text = pages[hit.document][hit.page - 1]
                snippet(text, marks(question.text, text))

    return _spread(np.array([_timed(partial(show, q)) for _, q in asked]) * 1e3)


def memory() -> int:
    """Bytes of memory this process holds, the index's mapped files among them (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def _spread(ms: Any) -> dict[str, float]:
    p50, p95, most = np.percentile(ms, (50, 95, 100))
    return {"p50": round(p50, 2), "p95": round(p95, 2), "most": round(most, 2)}


def main() -> None:
    """The command line."""
    options = tables.options(__doc__, pages=10_000)
    options.add_argument("--engine", choices=list(ENGINES), default="whoosh")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="finding-"))
    try:
        figures = measure(given.pages, given.engine, folder)
    finally:
        shutil.rmtree(folder)
    print(tables.figures(figures, as_json=given.json))


if __name__ == "__main__":
    main()
