"""OpenVINO: runs RapidOCR's models where the processor reckons in bfloat16.

There it takes two thirds of ONNX Runtime's time for as true a text: here and there a character
differs, as often for the better. In full precision it is no quicker (tests/bench/runtimes.py), so
elsewhere it is left alone.
"""

import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TELEMETRY = "openvino_telemetry"
Numbers = NDArray[np.float32]

# Each breadth of a line that OpenVINO has not seen costs it time, and memory to remember it by:
# few breadths, few of them remembered.
STEP = 64  # pixels
REMEMBERED = 100  # layers at one size each
COLUMN = 8  # pixels of a line to one of the recogniser's columns, halves left over
OPTIONS: dict[str, Any] = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "ENABLE_CPU_PINNING": False,
    "CPU_RUNTIME_CACHE_CAPACITY": REMEMBERED,
}


_models: list[Any] = []


def rest() -> None:
    """Let go of what the models reckon in, 200 MB: to take it again costs a page 0.1 s."""
    for model in _models:
        model.release_memory()


@cache
def is_quicker_here() -> bool:
    """Whether OpenVINO is installed and the processor has bfloat16, its only gain."""
    return find_spec("openvino") is not None and "BF16" in _core().get_property(
        "CPU", "OPTIMIZATION_CAPABILITIES"
    )


def version() -> str:
    return f"OpenVINO {package_version('openvino')}"


class Session:
    """One of RapidOCR's models, run as its own sessions are."""

    def __init__(self, model: Path) -> None:
        core = _core()
        compiled = core.compile_model(core.read_model(model), "CPU", OPTIONS)
        self._request = compiled.create_infer_request()
        _models.append(compiled)

    def __call__(self, pictures: Numbers) -> Numbers:
        # What it gives is good until it is asked again; a copy would be megabytes a line.
        self._request.infer([pictures], share_inputs=True, share_outputs=True)
        return np.asarray(self._request.get_output_tensor().data, np.float32)


class LineSession(Session):
    """The recogniser: of lines' pictures (n × 3 × height × breadth), n × columns × characters."""

    def __call__(self, pictures: Numbers) -> Numbers:
        breadth = pictures.shape[3]
        wider = np.pad(pictures, ((0, 0), (0, 0), (0, 0), (0, -breadth % STEP)))
        return super().__call__(wider)[:, : (breadth + 3) // COLUMN]


@cache
def _core() -> Any:
    # When imported, OpenVINO tells its maker so, through a package that need not be there: with
    # None in its place, Python finds it missing.
    modules: dict[str, Any] = sys.modules
    modules.setdefault(TELEMETRY, None)
    return import_module("openvino").Core()
