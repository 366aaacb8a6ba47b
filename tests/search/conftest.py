"""The engines that obey the contract: the real ones, and the yardstick."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines import ENGINES, Index, open_index
from tests.search.naive import NaiveIndex


@pytest.fixture(params=["naive", *ENGINES])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    """A new index of each engine in turn."""
    kept: Index = (
        NaiveIndex()
        if request.param == "naive"
        else open_index(tmp_path / "index", engine=request.param)
    )
    yield kept
    kept.close()
