"""A whole file read on all children at once, as the command line prints it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from scanning import batch, errors
from scanning.workshop import Workshop
from tests.scanning.papers import CONTRACT, drawn, printed_pdf


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(workers=2, seconds=60) as opened:
        yield opened


def test_a_file_is_read_page_by_page_in_order(tmp_path: Path, workshop: Workshop) -> None:
    path = printed_pdf(tmp_path / "contract.pdf", pages=5)
    told = json.loads(json.dumps(batch.read_file(path, workshop=workshop).to_dict()))
    assert set(told) == {"pages", "kind", "fields"}
    assert [page["number"] for page in told["pages"]] == [1, 2, 3, 4, 5]
    assert all(f"第{page['number']}页" in page["text"] for page in told["pages"])
    assert told["kind"] == "contract"
    assert told["fields"]["contract_number"]["value"] == "HY-2023-SC-00417"
    said = told["fields"]["contract_number"]
    assert set(said) == {"value", "confidence", "certain", "page", "box", "reason"}


def test_every_page_tells_how_it_was_read(tmp_path: Path, workshop: Workshop) -> None:
    drawn().rotate(180).save(tmp_path / "page.png")
    (page,) = batch.read_file(tmp_path / "page.png", workshop=workshop).to_dict()["pages"]
    assert page["text"] == "\n".join(line["text"] for line in page["lines"]) == "\n".join(CONTRACT)
    assert set(page["lines"][0]) >= {"text", "box", "confidence"}
    assert (page["rotation"], page["source"], page["engine"]) == (180, "ocr", "rapidocr")
    assert page["seconds"] > 0


def test_a_page_that_cannot_be_read_refuses_the_file(tmp_path: Path, workshop: Workshop) -> None:
    Image.new("L", (50_000, 40), 255).save(tmp_path / "wide.png")
    with pytest.raises(errors.TooManyPixels):
        batch.read_file(tmp_path / "wide.png", workshop=workshop)


def test_without_a_workshop_it_opens_its_own(tmp_path: Path) -> None:
    reading = batch.read_file(printed_pdf(tmp_path / "contract.pdf"))
    assert reading.pages[0].source == "text layer"
