"""A page comes out upright, straight and read, whichever way it went in."""

from pathlib import Path

import pytest
from PIL import Image

from scanning import engines, errors, pipeline, quality
from scanning.images import Picture
from scanning.reading import Line, PageReading
from tests.scanning.papers import CONTRACT, drawn, drawn_down, printed_pdf, scanned_pdf


def read(picture: Image.Image, folder: Path) -> PageReading:
    picture.save(folder / "page.jpg", quality=90, dpi=(150, 150))
    return pipeline.read_page(folder / "page.jpg", 1)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_up_it_was_scanned(tmp_path: Path, turned: int) -> None:
    reading = read(drawn().rotate(turned, expand=True), tmp_path)
    assert reading.text == "\n".join(CONTRACT)
    assert reading.rotation == turned
    assert (reading.width, reading.height, reading.dpi) == (1240, 1754, 150)


WRITTEN_DOWN = (
    "本合同由甲乙双方在平等自愿的基础上签订",
    "乙方应于收到货物之日起七个工作日内完成验收",
    "货款以银行转账方式支付给甲方",
    "本协议未尽事宜由双方另行协商",
)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_written_down_its_columns_stands_upright_too(tmp_path: Path, turned: int) -> None:
    reading = read(drawn_down(WRITTEN_DOWN).rotate(turned, expand=True), tmp_path)
    assert reading.rotation == turned
    assert len(reading.lines) == len(WRITTEN_DOWN)
    assert WRITTEN_DOWN[2] in reading.text


@pytest.mark.parametrize("turned", [90, 270])
@pytest.mark.parametrize("leaning", [-6, 6])
def test_a_page_on_its_side_is_turned_however_it_leans(
    tmp_path: Path, leaning: int, turned: int
) -> None:
    longest = drawn((CONTRACT[4] + CONTRACT[1],) * 12, (1400, 1240))
    leant = longest.rotate(leaning, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert read(leant.rotate(turned, expand=True), tmp_path).rotation == turned


@pytest.mark.parametrize("leaning", [-3.0, 1.2])
def test_a_skewed_page_is_straightened_to_a_fifth_of_a_degree(
    tmp_path: Path, leaning: float
) -> None:
    tilted = drawn(CONTRACT * 3).rotate(
        leaning, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    assert read(tilted, tmp_path).skew == pytest.approx(leaning, abs=0.2)


def test_a_blank_page_has_no_text(tmp_path: Path) -> None:
    reading = read(drawn(lines=()), tmp_path)
    assert (reading.text, reading.lines, reading.skew) == ("", (), 0.0)


def test_what_is_wrong_with_the_picture_is_told_with_the_reading(tmp_path: Path) -> None:
    coarse = read(drawn(), tmp_path)
    assert [one["text"] for one in coarse.quality] == [quality.LOW]
    assert coarse.quality[0]["params"] == {"dpi": 150, "least": 200}
    drawn().resize((2480, 3508)).save(tmp_path / "fine.png", dpi=(300, 300))
    assert pipeline.read_page(tmp_path / "fine.png", 1).quality == ()


def test_a_word_is_found_in_its_line_by_the_characters_cuts(tmp_path: Path) -> None:
    reading = read(drawn(), tmp_path)
    line = reading.lines[1]
    start = line.text.index("恒岳")
    left, _, right, _ = line.box_of(start, start + 2)
    # Printed at 36 pixels a character from x = 150.
    assert left == pytest.approx(150 + 36 * start, abs=12)
    assert right == pytest.approx(150 + 36 * (start + 2), abs=12)


def test_the_picture_for_the_screen_is_written_whole(tmp_path: Path) -> None:
    path = printed_pdf(tmp_path / "contract.pdf")
    reading = pipeline.read_page(path, 1, picture=tmp_path / "1.webp")
    with Image.open(tmp_path / "1.webp") as shown:
        assert max(shown.size) == 2_000
        assert shown.width / shown.height == pytest.approx(reading.width / reading.height, abs=0.01)
    assert not list(tmp_path.glob(".*"))


def test_a_pdf_page_with_good_text_is_not_read_again(tmp_path: Path) -> None:
    reading = pipeline.read_page(printed_pdf(tmp_path / "contract.pdf"), 1)
    assert reading.source == "text layer"
    assert reading.text == "\n".join((*CONTRACT, "第1页"))
    left, top, right, bottom = reading.lines[0].box
    # 14 points from x = 72 at 200 dpi.
    assert left == pytest.approx(200, abs=2)
    assert right == pytest.approx(200 + 6 * 39, abs=3)
    assert top < (842 - 720) / 72 * 200 < bottom


def test_a_page_number_stamped_on_a_scan_is_no_text_layer(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf", drawn(), stamp="Page 1 of 1")
    reading = pipeline.read_page(path, 1)
    assert reading.source == "ocr"
    assert CONTRACT[1] in reading.text


def test_a_reading_comes_back_from_json_as_it_was(tmp_path: Path) -> None:
    reading = read(drawn(), tmp_path)
    assert PageReading.from_dict(reading.to_dict()) == reading
    assert reading.to_dict()["text"] == reading.text


def test_tesseract_reads_by_the_same_door(tmp_path: Path) -> None:
    if not engines.READERS["tesseract"]().available():
        pytest.skip("tesseract-ocr-chi-sim is not installed")
    drawn().rotate(180).save(tmp_path / "page.png")
    reading = pipeline.read_page(tmp_path / "page.png", 1, engine="tesseract")
    assert (reading.engine, reading.rotation) == ("tesseract", 180)
    assert "江苏恒岳精密机械有限公司" in reading.text
    assert "2023年11月16日" in reading.text


class BrokenReader:
    """An engine that is installed but gives up on every page."""

    name = "broken"

    def available(self) -> bool:
        return True

    def version(self) -> str:
        return "0"

    def upright(self, picture: Picture) -> int:
        return 0

    def read(self, picture: Picture) -> list[Line]:
        raise errors.EngineFailed(engine=self.name, reason="no ink left")

    def read_upright(self, picture: Picture) -> tuple[int, list[Line]]:
        return self.upright(picture), self.read(picture)


class AbsentReader(BrokenReader):
    name = "absent"

    def available(self) -> bool:
        return False


def test_an_engine_that_gives_up_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines.READERS, "broken", BrokenReader)
    drawn().save(tmp_path / "page.png")
    with pytest.raises(errors.EngineFailed, match="broken gave up: no ink left"):
        pipeline.read_page(tmp_path / "page.png", 1, engine="broken")


def test_an_engine_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines.READERS, "absent", AbsentReader)
    with pytest.raises(errors.EngineMissing, match="absent is not installed"):
        engines.reader("absent")
    with pytest.raises(errors.EngineUnknown, match="rapidocr, rapidocr-onnxruntime, tesseract"):
        engines.reader("abacus")
