"""What runs RapidOCR's models: OpenVINO where it is quicker, ONNX Runtime everywhere."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scanning import engines
from scanning.engines import openvino
from scanning.engines.rapid import RapidReader
from tests.bench.forms.drawing import Sheet
from tests.scanning.papers import CONTRACT, drawn

# Reads a page in a process of its own; it and what it starts tell of whom they ask or call.
LISTENING = """
import os, sys
def tell(event, told):
    if event in {"socket.getaddrinfo", "socket.connect", "socket.sendto"}:
        os.write(1, f"{event} {told}".encode())
sys.addaudithook(tell)
from pathlib import Path
from scanning import pipeline
reading = pipeline.read_page(Path(sys.argv[1]), 1)
assert reading.lines and "OpenVINO" in reading.engine_version, reading.engine_version
"""

# In a process of its own, as the reader of other tests may have its models here, too.
RESTING = """
import sys
from pathlib import Path
from scanning import engines, pipeline
page = Path(sys.argv[1])
def held():
    told = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in told if line.startswith("Anonymous:"))
text, at_work = pipeline.read_page(page, 1).text, held()
engines.rest()
assert held() < at_work - 50_000, (held(), at_work)
assert pipeline.read_page(page, 1).text == text
"""

QUICKER = pytest.mark.skipif(
    not openvino.is_quicker_here(), reason="OpenVINO or a processor with bfloat16 is not here"
)


class FewTalents:
    """OpenVINO on a processor without bfloat16."""

    def get_property(self, device: str, name: str) -> list[str]:
        assert (device, name) == ("CPU", "OPTIMIZATION_CAPABILITIES")
        return ["FP32", "INT8"]


@pytest.fixture
def asked_anew() -> Any:
    openvino.is_quicker_here.cache_clear()
    yield
    openvino.is_quicker_here.cache_clear()


def test_without_openvino_onnx_runtime_reads(
    asked_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "find_spec", {"onnxruntime": True}.get)
    assert "ONNX Runtime" in RapidReader().version()


def test_openvino_is_left_alone_where_it_is_no_quicker(
    asked_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "find_spec", lambda name: name)
    monkeypatch.setattr(openvino, "_core", FewTalents)
    assert "ONNX Runtime" in RapidReader().version()


@QUICKER
def test_a_reading_says_what_ran_the_models() -> None:
    assert "OpenVINO" in engines.reader("rapidocr").version()
    assert "ONNX Runtime" in engines.reader("rapidocr-onnxruntime").version()


@QUICKER
def test_an_engine_at_rest_needs_less_memory_and_reads_the_same_again(tmp_path: Path) -> None:
    drawn(CONTRACT).save(tmp_path / "page.png")
    subprocess.run(
        [sys.executable, "-c", RESTING, str(tmp_path / "page.png")], check=True, timeout=120
    )


@QUICKER
def test_openvino_tells_nobody_that_it_is_used(tmp_path: Path) -> None:
    drawn().save(tmp_path / "page.png")
    call = [sys.executable, "-c", LISTENING, str(tmp_path / "page.png")]
    home = os.environ | {"HOME": str(tmp_path)}
    done = subprocess.run(call, capture_output=True, text=True, check=True, env=home)
    assert done.stdout == ""
    # Where it would count how often.
    assert not (tmp_path / "intel").exists()


@QUICKER
def test_both_runtimes_read_the_same() -> None:
    page = np.array(drawn())
    texts = {
        name: {line.text for line in engines.reader(name).read(page)}
        for name in ("rapidocr", "rapidocr-onnxruntime")
    }
    assert texts["rapidocr"] == texts["rapidocr-onnxruntime"] >= set(CONTRACT)


@QUICKER
@pytest.mark.parametrize("breadth", [160, 164, 165, 191, 192, 193])
def test_a_line_made_wider_for_openvino_keeps_its_columns(breadth: int) -> None:
    line = np.zeros((1, 3, 48, breadth), np.float32)
    columns = {_run(engines.reader(name), line) for name in ("rapidocr", "rapidocr-onnxruntime")}
    assert len(columns) == 1


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_is_turned_and_read_as_by_two_looks_at_it(degrees: int) -> None:
    page = np.rot90(np.array(drawn()), degrees // 90)
    reader = RapidReader()
    turned, lines = reader.read_upright(page)
    assert turned == degrees == reader.upright(page)
    assert {line.text for line in lines} >= set(CONTRACT)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_table_with_few_characters_in_its_cells_is_stood_up(degrees: int) -> None:
    """They run down the page as much as across: at one character each no line says how it lies."""
    sheet, words = Sheet(), ("甲", "", "验收", "付", "乙方", "货物", "", "日", "双方", "内", "款")
    cells = [[words[(5 * row + 3 * at) % 11] for at in range(8)] for row in range(19)]
    sheet.table(120, 300, (125,) * 8, cells, height=55, size=28)
    page = np.rot90(np.array(sheet.image), degrees // 90)
    assert RapidReader().upright(page) == degrees


def test_a_page_that_stands_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page, reader = np.array(drawn()), RapidReader()
    finder, sayer = reader._rapid._load_det_model(), reader._rapid._load_rec_model()
    looks, says = Counted(finder.session), Counted(sayer.session)
    monkeypatch.setattr(finder, "session", looks)
    monkeypatch.setattr(sayer, "session", says)
    _, lines = reader.read_upright(page)
    # Each line once, and a few of its characters, to tell whether they lie on their sides.
    assert (looks.times, says.times) == (1, len(lines) + 1)


class Counted:
    """A model's session that counts how often it is run."""

    def __init__(self, session: Any) -> None:
        self._session, self.times = session, 0

    def __call__(self, pictures: openvino.Numbers) -> openvino.Numbers:
        self.times += 1
        found: openvino.Numbers = self._session(pictures)
        return found


def _run(reader: Any, line: openvino.Numbers) -> tuple[int, ...]:
    return tuple(reader._rapid._load_rec_model().session(line).shape)


@QUICKER
def test_a_line_is_squeezed_a_little_to_a_breadth_that_was_seen_and_never_much() -> None:
    reader = RapidReader()
    for height, breadth, seen in ((48, 1_000, 960), (96, 2_000, 960), (48, 200, 192)):
        fitted = reader._fitted(np.zeros((height, breadth, 3), np.uint8))
        assert fitted.shape == (48, seen, 3)
    for breadth in (250, 150, 1):
        cut = np.zeros((48, breadth, 3), np.uint8)
        assert reader._fitted(cut) is cut


def test_onnx_runtime_reads_lines_as_broad_as_they_are() -> None:
    cut = np.zeros((48, 1_000, 3), np.uint8)
    assert RapidReader(may_be_quicker=False)._fitted(cut) is cut
