"""The back's print, showing through, is not read; pale print of the front is."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from scanning import bleed, engines, pipeline
from scanning.images import Picture
from scanning.reading import Line
from tests.scanning.papers import CONTRACT, drawn, np_picture

BACK = (
    "乙方应于收到货物之日起七个工作日内完成验收",
    "逾期未提出书面异议的视为验收合格",
    "货款以银行转账方式支付给甲方",
    "受影响一方应及时通知对方并提供证明",
    "本协议未尽事宜由双方另行协商",
    "争议提交仲裁委员会仲裁解决",
)


def showing_through(strength: float) -> Picture:
    """The contract, and below and between its lines the back's, mirrored and faded."""
    front = np_picture(drawn())
    back = cv2.GaussianBlur(np_picture(drawn(BACK * 3))[:, ::-1], (0, 0), 0.8).astype(np.float32)
    seen = 255 - np.roll(255 - back, 40, axis=0) * strength
    noise = np.random.default_rng(1).normal(6, 4, front.shape)
    return np.asarray(np.clip(np.minimum(front, seen) - noise, 0, 255), np.uint8)


def read(page: Picture, folder: Path) -> tuple[str, tuple[str, ...]]:
    Image.fromarray(page).save(folder / "page.png")
    reading = pipeline.read_page(folder / "page.png", 1)
    return reading.text, reading.steps


@pytest.mark.parametrize("strength", [0.25, 0.45])
def test_a_page_is_read_without_what_shows_through_it(tmp_path: Path, strength: float) -> None:
    text, (step,) = read(showing_through(strength), tmp_path)
    assert text.splitlines() == list(CONTRACT)
    name, _, back = step.partition(": ")
    assert name == bleed.EVENED
    # Blurred strokes are paler than the strength says.
    assert 0.4 * strength * 255 < int(back) < 1.1 * strength * 255


def test_pale_print_of_the_front_is_read(tmp_path: Path) -> None:
    page = np_picture(drawn())
    pale = np.roll(np_picture(drawn(BACK)).astype(np.float32), 700, axis=0)
    both = np.minimum(page, 255 - (255 - pale) * 0.3).astype(np.uint8)
    text, steps = read(both, tmp_path)
    assert text.splitlines() == [*CONTRACT, *BACK]
    assert steps == ()


def test_a_clean_page_is_not_looked_at_twice() -> None:
    reader, page = engines.reader(engines.DEFAULT), np_picture(drawn())
    lines = reader.read(page)

    def never(_: Picture) -> list[Line]:
        raise AssertionError("a clean page was read in a mirror")

    assert bleed.darkness(page, lines, never) == 0


def test_a_second_reading_that_lost_print_is_not_taken() -> None:
    first = engines.reader(engines.DEFAULT).read(np_picture(drawn()))
    assert bleed.is_better(first, first)
    assert not bleed.is_better(first[:-1], first)
