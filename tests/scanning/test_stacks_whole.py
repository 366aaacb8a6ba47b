"""Whole stacks, from the scanner's PDF to its papers."""

from pathlib import Path

import pytest

from scanning import originals
from scanning.stacks.signs import signs
from scanning.stacks.splitting import Settings, split
from tests.bench.stacks import misses
from tests.scanning.stacks import Plan, as_pdf, meaning, scan


@pytest.mark.parametrize("two_sided", [True, False])
def test_a_scanned_pdf_is_taken_apart_as_it_was_put_together(
    two_sided: bool, tmp_path: Path
) -> None:
    plan = Plan(seed=4, sheets=6, dpi=100, two_sided=two_sided)
    scanned = list(scan(plan))
    stack = as_pdf(scanned, tmp_path / "stack.pdf", plan.dpi)
    sheets = [originals.load(stack, number) for number in range(1, len(scanned) + 1)]
    truth = [one.page for one in scanned]
    found = split(
        [signs(sheet.picture, sheet.dpi) for sheet in sheets],
        meaning,
        [page.reading(number) for number, page in enumerate(truth, 1)],
        Settings(two_sided=two_sided),
    )
    assert misses(truth, found) == []
    assert {role.value for role in found.roles} >= {"content", "cover"}
