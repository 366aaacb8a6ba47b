"""The house's arrows: who may import whom.

app.py ──► doors ──► the archive's records and rules
             └─────► the room's own craft ──► libraries
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("scanning", "search", "labels")
# Where a room meets the archive and the web; everything else in it is craft.
DOORS = {
    "scanning": {"intake", "readingroom", "making", "dividing", "fetching", "routes", "commands"},
    "search": {"follow", "routes", "commands"},
    "labels": {"print", "bindery", "routes", "commands", "demo"},
}
THE_WEB = {"flask", "flask_wtf", "flask_login", "flask_babel", "flask_limiter", "wtforms", "click"}
THE_RECORDS = {"sqlalchemy", "alembic", "huey"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((HOUSE / folder).rglob("*.py"))


def imported(source: str) -> set[str]:
    """Every module that a source names, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # A relative import stays in its room; `from archive import documents` names a module.
            base = node.module or "."
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def wrong_arrows(path: Path, source: str) -> set[str]:
    """The imports of a module that the house does not allow."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    forbidden = {"app", "tests"}
    if parts[0] == "archive":
        forbidden |= {*ROOMS}
        if parts[1] == "base":
            forbidden |= {f"archive.{name}" for name in concepts()}
        elif parts[1] not in ("routes", "commands", "migrations"):
            forbidden |= THE_WEB | {"archive.routes", "archive.base.web", "archive.base.terminal"}
    else:
        forbidden |= {room for room in ROOMS if room != parts[0]}
        if parts[1] not in DOORS[parts[0]]:
            own_doors = {f"{parts[0]}.{door}" for door in DOORS[parts[0]]}
            forbidden |= THE_WEB | THE_RECORDS | own_doors | {"archive"}
    return {
        name
        for name in imported(source)
        if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    }


def concepts() -> set[str]:
    files = {path.stem for path in (HOUSE / "archive").glob("*.py")}
    folders = {path.parent.name for path in (HOUSE / "archive").glob("*/__init__.py")}
    return (files | folders) - {"__init__", "base"}


@pytest.mark.parametrize(
    "path", list(modules("archive", *ROOMS)), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_no_module_imports_against_the_arrows(path: Path) -> None:
    assert wrong_arrows(path, path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("where", "planted"),
    [
        ("archive/documents.py", "from scanning import pipeline"),
        ("archive/documents.py", "import flask"),
        ("archive/base/ledger.py", "from archive import users"),
        ("archive/routes/folders.py", "from labels.qr import svg"),
        ("scanning/pipeline.py", "from archive.base import files"),
        ("scanning/quality.py", "def f() -> None:\n    import sqlalchemy"),
        ("scanning/quality.py", "from scanning import intake"),
        ("search/query.py", "from labels import qr"),
        ("search/routes.py", "from scanning.reading import Line"),
        ("labels/qr.py", "import app"),
    ],
)
def test_a_planted_backward_arrow_is_caught(where: str, planted: str) -> None:
    assert wrong_arrows(HOUSE / where, f"{planted}\n")


def test_the_top_of_the_house_holds_only_what_the_plan_names() -> None:
    allowed = {"archive", "scanning", "search", "labels", "templates", "tests"}
    folders = {path.name for path in HOUSE.iterdir() if path.is_dir()}
    kept = {name for name in folders if not name.startswith(".") and name != "__pycache__"}
    assert {name for name in kept if not name.endswith(".egg-info")} <= allowed
