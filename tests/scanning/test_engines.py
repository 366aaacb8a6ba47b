"""What runs RapidOCR's models: OpenVINO where it is quicker, ONNX Runtime everywhere."""

from typing import Any

import numpy as np
import pytest

from scanning import engines
from scanning.engines import openvino
from scanning.engines.rapid import RapidReader
from tests.scanning.papers import CONTRACT, drawn

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


def _run(reader: Any, line: openvino.Numbers) -> tuple[int, ...]:
    return tuple(reader._rapid._load_rec_model().session(line).shape)
