"""A stack from the feeder to the inbox: the sheets that we print part it as the truth says."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archive.base.settings import load
from tests.scanning import stacks
from tests.server import PROGRAM, environment

pytestmark = pytest.mark.slow


def juanzong(data: Path, *call: object) -> Any:
    done = subprocess.run(
        [*PROGRAM, *map(str, call), "--json"], env=environment(data=str(data)), check=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_a_stack_with_our_sheets_is_split_as_the_truth_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    kept = juanzong(data, "label", "covers", "-n", 6, "--each", "--type", "合同",
                    "--year", 2025, "-o", tmp_path / "covers.pdf")  # fmt: skip
    parting = juanzong(data, "label", "separators", "-n", 3, "-o", tmp_path / "separators.pdf")
    assert len(kept["covers"]) == 6
    assert len(parting["covers"]) == 1
    codes = {one["code"]: one["code"] for one in kept["covers"]}
    monkeypatch.setattr(stacks, "COVERS", codes)
    monkeypatch.setattr(stacks, "SEPARATOR", parting["covers"][0]["code"])
    monkeypatch.setattr(stacks, "ADDRESS", load(data=data).address)

    plan = stacks.Plan(seed=6, sheets=12, two_sided=False, wear=0.3)
    scanned = list(stacks.scan(plan))
    batch = stacks.as_pdf(scanned, tmp_path / "BATCH.pdf", plan.dpi)
    told = juanzong(data, "intake", batch, "--wait")

    truth: dict[int, int] = {}
    for one in scanned:
        if one.page.role == "content" and one.page.paper is not None:
            truth[one.page.paper] = truth.get(one.page.paper, 0) + 1
    assert [document["pages"] for document in told["documents"]] == list(truth.values())
    held = [leaf for document in told["documents"] for leaf in document["leaves"]]
    papers = [one.page.paper for one in scanned]
    content = [at for at, one in enumerate(scanned, 1) if one.page.role == "content"]
    assert held == content
    assert all(len({papers[leaf - 1] for leaf in one["leaves"]}) == 1 for one in told["documents"])
    assert [one["leaf"] for one in told["aside"]] == sorted({*range(1, len(scanned) + 1)} - {*held})
    assert {document["state"] for document in told["documents"]} == {"read"}
    spoiled = {leaf for leaf, one in enumerate(scanned, 1) if one.page.note.startswith("cover, ")}
    doubts = {one["leaf"]: one for one in told["doubts"]}
    assert spoiled
    assert spoiled <= set(doubts)
    assert all(doubts[leaf]["document"] is None and doubts[leaf]["doubt"] for leaf in spoiled)
