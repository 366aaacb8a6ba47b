"""Photos in a process of their own: the same codes, the same refusals, and nothing harms us."""

import os
import resource
import subprocess
import sys
import time
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from labels import apart
from labels.apart import PictureTooHard, decode_apart
from labels.decode import PictureTooLarge, UnreadablePicture, decode
from labels.sheets import find
from tests.labels.papers import as_file, label, pictures, printed

UNLIMITED = resource.getrlimit(resource.RLIMIT_AS)


@pytest.fixture(scope="module")
def photo() -> bytes:
    (page,) = pictures(printed([label(1), label(2)], find("L7160"))[0], 150)
    return as_file(page.convert("L"))


def plain(width: int, height: int) -> bytes:
    """A picture of one colour, which is see-through: a small file, much in work."""
    drawn = BytesIO()
    Image.new("P", (width, height), 1).save(drawn, "PNG", transparency=0, compress_level=1)
    return drawn.getvalue()


def test_the_codes_are_those_that_are_found_here(photo: bytes) -> None:
    found = decode_apart(photo)
    assert found == decode(photo)
    assert [one.text for one in found] == [label(1).url, label(2).url]


def test_refusals_come_back_as_they_are() -> None:
    with pytest.raises(UnreadablePicture):
        decode_apart(b"no picture")
    with pytest.raises(PictureTooLarge) as refused:
        decode_apart(plain(9_000, 9_000))
    assert refused.value.params == {"megapixels": 80}


def test_a_picture_that_wants_too_much_memory_is_refused(photo: bytes) -> None:
    # Not for the time it takes: that is another limit.
    with pytest.raises(PictureTooHard):
        decode_apart(plain(8_000, 9_000), seconds=200, megabytes=400)
    assert len(decode_apart(photo)) == 2


def test_a_picture_that_takes_too_long_is_refused_and_its_process_ended(
    photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(_call: object, **how: Any) -> subprocess.Popen[bytes]:
        begun.append(real(["sleep", "60"], **how))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    since = time.monotonic()
    with pytest.raises(PictureTooHard):
        decode_apart(photo, seconds=1)
    assert time.monotonic() - since < 10
    assert begun[0].poll() is not None


def test_the_process_has_its_limits_before_it_is_given_a_picture() -> None:
    call = [sys.executable, "-m", "labels.apart", "7", "900"]
    with subprocess.Popen(call, stdin=subprocess.PIPE, cwd=apart.HOUSE) as process:
        over = time.monotonic() + 60
        while (limit := resource.prlimit(process.pid, resource.RLIMIT_AS)) == UNLIMITED:
            assert time.monotonic() < over
            time.sleep(0.05)
        assert limit == (900_000_000, 900_000_000)
        assert resource.prlimit(process.pid, resource.RLIMIT_CPU) == (7, 7)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(19, os.nice(0) + 10)
        process.kill()


def test_the_process_is_not_this_one_and_lets_others_go_first(
    photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    nice = os.nice(0)
    assert decode_apart(photo)
    assert os.nice(0) == nice
    monkeypatch.setattr(apart, "decode", None)  # Here it is not used.
    assert decode_apart(photo)
