"""Scanners, tried on SANE's own pretended one: two devices, a feeder of ten pages."""

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scanning.devices import errors, scanners
from scanning.devices.offers import WHOLE, Mode, Options, Settings, Source
from scanning.devices.pages import secure, small
from tests.scanning.network_scanner import INCH, NetworkScanner

PATIENCE = 30  # seconds
FEEDER = "Automatic Document Feeder"
needs_sane = pytest.mark.skipif(
    not scanners.available(), reason="scanimage is missing: apt-get install sane-utils"
)

BROTHER = """
All options specific to device `brother4:net1;dev0':
    Mode:
    --mode Black & White|Gray[Error Diffusion]|True Gray|24bit Color|24bit Color[Fast] [True Gray]
        Select the scan mode
    --resolution 100|150|200|300|400|600dpi [200]
    --source FlatBed|Automatic Document Feeder(left aligned) [FlatBed]
    --adf-mode Simplex|Duplex [inactive]
    -l 0..211.9mm (in steps of 0.0999908) [0]
    -t 0..355.6mm (in steps of 0.0999908) [0]
    -x 0..211.9mm (in steps of 0.0999908) [211.881]
    -y 0..355.6mm (in steps of 0.0999908) [355.567]
"""
FUJITSU = """
    --source ADF Front|ADF Back|ADF Duplex [ADF Front]
    --mode Lineart|Halftone|Gray|Color [Lineart]
    --resolution 50..600dpi (in steps of 1) [600]
    --page-width 0..224.846mm (in steps of 0.0211639) [215.872]
    --page-height 0..863.489mm (in steps of 0.0211639) [279.364]
    -l 0..215.872mm (in steps of 0.0211639) [0]
    -t 0..279.364mm (in steps of 0.0211639) [0]
    -x 0..215.872mm (in steps of 0.0211639) [215.872]
    -y 0..279.364mm (in steps of 0.0211639) [279.364]
"""


@pytest.fixture(autouse=True)
def pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SANE with its test backend and nothing else; returns where that is set up."""
    setup = tmp_path / "sane.d"
    setup.mkdir()
    (setup / "dll.conf").write_text("test\n")
    (setup / "test.conf").write_text('number_of_devices 2\ntest-picture "Color pattern"\n')
    monkeypatch.setenv("SANE_CONFIG_DIR", str(setup))
    return setup


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "100% 扫描"
    folder.mkdir()
    return folder


@pytest.fixture
def copier(pretended: Path) -> Iterator[NetworkScanner]:
    """A copier on the network with three sheets in its feeder, known to SANE as its only device."""
    if not scanners.available() or not list(Path("/usr/lib").glob("*/sane/libsane-airscan.so*")):
        pytest.skip("sane-airscan is missing: apt-get install sane-utils sane-airscan")
    scanner = NetworkScanner(sheets=3)
    (pretended / "dll.conf").write_text("airscan\n")
    (pretended / "airscan.conf").write_text(
        f'[devices]\n"Copier" = http://127.0.0.1:{scanner.port}/eSCL, eSCL\n'
        "[options]\ndiscovery = disable\n"
    )
    yield scanner
    scanner.close()


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a scanimage of our own before the real one."""
    program = tmp_path / "bin" / "scanimage"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def pages(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@needs_sane
def test_the_scanners_are_listed_with_what_people_know_them_by() -> None:
    assert scanners.devices() == [
        scanners.Device(f"test:{n}", "Noname", "frontend-tester", "virtual device") for n in (0, 1)
    ]
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", scanners.version())


@needs_sane
def test_where_there_is_no_scanner_the_list_is_empty(pretended: Path) -> None:
    (pretended / "dll.conf").write_text("\n")
    assert scanners.devices() == []


@needs_sane
def test_a_scanner_says_what_it_can_do() -> None:
    offered = scanners.options("test:0")
    assert [(one.name, one.kind) for one in offered.sources] == [
        ("Flatbed", "flatbed"),
        (FEEDER, "feeder"),
    ]
    assert offered.modes == (Mode("Gray", "gray"), Mode("Color", "colour"))
    assert offered.resolutions == (75, 100, 150, 200, 240, 300, 400, 600, 1200)
    assert offered.papers == ("A5", WHOLE)
    assert offered.usual == Settings(FEEDER, "Color", 300, WHOLE)


@needs_sane
def test_the_glass_gives_one_page_of_the_size_and_resolution_asked_for(folder: Path) -> None:
    came: list[Path] = []
    chosen = Settings("Flatbed", "Color", 200, "A5")
    assert scanners.scan("test:0", chosen, folder, came.append) == 1
    with Image.open(came[0]) as page:
        assert page.mode == "RGB"
        assert page.size == pytest.approx((148 / 25.4 * 200, 200 / 25.4 * 200), abs=10)
        assert round(page.info["dpi"][0]) == 200


@needs_sane
def test_the_next_sheet_on_the_glass_is_numbered_on(folder: Path) -> None:
    came: list[Path] = []
    for _ in range(3):
        scanners.scan("test:0", Settings("Flatbed", "Gray", 75), folder, came.append)
    assert [path.name for path in came] == ["page-0001.png", "page-0002.png", "page-0003.png"]


@needs_sane
def test_a_feeder_of_ten_sheets_gives_ten_pages_one_by_one(folder: Path) -> None:
    sizes: list[int] = []

    def look(page: Path) -> None:
        with Image.open(page) as image:
            image.load()
        sizes.append(len(pages(folder)))

    assert scanners.scan("test:0", Settings(FEEDER, "Gray", 75), folder, look) == 10
    assert pages(folder) == [f"page-{number:04d}.png" for number in range(1, 11)]
    assert len(sizes) == 10


def test_a_page_that_is_shown_is_on_the_disk_with_its_name(folder: Path, synced: list[str]) -> None:
    page = folder / "page-0001.png"
    page.write_bytes(b"page")
    secure(page)
    assert synced == [str(page), str(folder)]


@needs_sane
def test_a_feeder_that_never_ends_is_ended(folder: Path) -> None:
    chosen = Settings(FEEDER, "Gray", 75)
    assert scanners.scan("test:0", chosen, folder, lambda _: None, most=4) == 4


@needs_sane
def test_a_preview_is_a_small_picture_of_the_glass(tmp_path: Path) -> None:
    (tmp_path / "preview.png").write_bytes(
        scanners.preview("test:0", Settings("Flatbed", "Color", 600))
    )
    with Image.open(tmp_path / "preview.png") as picture:
        assert max(picture.size) < 700
    with pytest.raises(errors.PreviewFromFeeder):
        scanners.preview("test:0", Settings(FEEDER))


@needs_sane
@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("SANE_STATUS_DEVICE_BUSY", errors.ScannerBusy),
        ("SANE_STATUS_JAMMED", errors.FeederJammed),
        ("SANE_STATUS_NO_DOCS", errors.FeederEmpty),
        ("SANE_STATUS_COVER_OPEN", errors.CoverOpen),
        ("SANE_STATUS_ACCESS_DENIED", errors.ScannerForbidden),
        ("SANE_STATUS_IO_ERROR", errors.ScannerGaveUp),
        ("SANE_STATUS_NO_MEM", errors.ScannerGaveUp),
        ("SANE_STATUS_EOF", errors.ScannerGaveUp),
    ],
)
@pytest.mark.parametrize("source", ["Flatbed", FEEDER])
def test_each_failure_is_said_as_what_to_do(
    pretended: Path, folder: Path, source: str, status: str, refusal: type[errors.NothingCame]
) -> None:
    with (pretended / "test.conf").open("a") as setup:
        setup.write(f'read-status-code "{status}"\n')
    with pytest.raises(refusal) as refused:
        _scan_patiently(Settings(source, "Gray", 75), folder)
    assert "%" not in str(refused.value)
    assert pages(folder) == []


def _scan_patiently(settings: Settings, folder: Path) -> None:
    """SANE's pretended scanner stands still once in a few hundred times when it is to fail at
    once, and its program with it: then it is asked again."""
    for _ in range(2):
        with suppress(errors.ScannerTookTooLong):
            scanners.scan("test:0", settings, folder, lambda _: None, page_seconds=15)
            return
    scanners.scan("test:0", settings, folder, lambda _: None, page_seconds=15)


@needs_sane
def test_a_scanner_that_is_gone_is_named() -> None:
    with pytest.raises(errors.NoSuchScanner, match="test:7"):
        scanners.options("test:7")


@needs_sane
@pytest.mark.parametrize(
    "chosen",
    [Settings("Cloud"), Settings(FEEDER, "Sepia"), Settings(FEEDER, "Gray", 75, "papyrus")],
)
def test_what_the_scanner_does_not_offer_is_refused(folder: Path, chosen: Settings) -> None:
    with pytest.raises(errors.SettingRefused):
        scanners.scan("test:0", chosen, folder, lambda _: None)


@needs_sane
def test_a_scan_that_is_stopped_ends_soon_and_leaves_nothing_half_written(
    pretended: Path, folder: Path
) -> None:
    with (pretended / "test.conf").open("a") as setup:
        setup.write("read-delay true\nread-delay-duration 200000\n")
    stop = threading.Event()
    threading.Timer(0.7, stop.set).start()
    before = time.monotonic()
    chosen = Settings("Flatbed", "Color", 600)
    assert scanners.scan("test:0", chosen, folder, lambda _: None, stop=stop.is_set) == 0
    assert time.monotonic() - before < 5
    assert pages(folder) == []


@needs_sane
def test_a_scanner_that_says_nothing_for_too_long_is_given_up(
    pretended: Path, folder: Path
) -> None:
    with (pretended / "test.conf").open("a") as setup:
        setup.write("read-delay true\nread-delay-duration 200000\n")
    chosen = Settings("Flatbed", "Color", 600)
    with pytest.raises(errors.ScannerTookTooLong):
        scanners.scan("test:0", chosen, folder, lambda _: None, page_seconds=0.3)
    assert pages(folder) == []


def test_a_copier_on_the_network_is_a_scanner_like_any_other(
    copier: NetworkScanner, folder: Path
) -> None:
    (device,) = scanners.devices()
    offered = scanners.options(device.name)
    assert [source.kind for source in offered.sources] == ["flatbed", "feeder", "duplex"]
    assert offered.resolutions == (100, 300)
    assert offered.usual == Settings("ADF", "Color", 300, "A4")
    came: list[Path] = []
    chosen = Settings("ADF Duplex", "Color", 100, "A4")
    assert scanners.scan(device.name, chosen, folder, came.append) == 3
    assert "<scan:Duplex>true</scan:Duplex>" in copier.orders[0]
    assert f"<pwg:Width>{round(210 / 25.4 * INCH)}</pwg:Width>" in copier.orders[0]
    with Image.open(came[-1]) as page:
        assert page.size == pytest.approx((827, 1169), abs=2)
    assert scanners.preview(device.name, Settings("Flatbed")).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("ScannerAdfEmpty", errors.FeederEmpty), ("ScannerAdfJam", errors.FeederJammed)],
)
def test_a_copier_says_over_the_network_what_is_wrong(
    copier: NetworkScanner, folder: Path, state: str, refusal: type[errors.NothingCame]
) -> None:
    (device,) = scanners.devices()
    copier.state = state
    with pytest.raises(refusal):
        scanners.scan(device.name, Settings("ADF"), folder, lambda _: None)


def test_a_copier_that_is_switched_off_is_named(copier: NetworkScanner) -> None:
    (device,) = scanners.devices()
    copier.close()
    with pytest.raises(errors.NoSuchScanner, match="Copier"):
        scanners.options(device.name)


def test_a_jam_leaves_the_pages_that_came(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        """case "$*" in *--all-options*) echo "    --source ADF [ADF]"; exit 0;; esac
        echo chatter of the backend
        for n in 1 2; do echo x >page-000$n.png; echo page-000$n.png; done
        echo x >page-0003.png.part
        echo "scanimage: sane_read: Document feeder jammed" >&2; exit 6""",
    )
    came: list[Path] = []
    with pytest.raises(errors.FeederJammed):
        scanners.scan("x", Settings("ADF"), folder, came.append)
    assert [path.name for path in came] == pages(folder) == ["page-0001.png", "page-0002.png"]


@pytest.mark.parametrize("code", [0, 7])
def test_a_feeder_that_is_empty_after_some_pages_is_a_stack_done(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        f"""case "$*" in *--all-options*) echo "    --source ADF [ADF]"; exit 0;; esac
        echo x >page-0001.png; echo page-0001.png
        echo "scanimage: sane_start: Document feeder out of documents" >&2; exit {code}""",
    )
    assert scanners.scan("x", Settings("ADF"), folder, lambda _: None) == 1


def test_the_scanner_is_ended_when_the_page_cannot_be_taken(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        """case "$*" in *--all-options*) exit 0;; esac
        echo $$ >process; echo page-0001.png; exec sleep 60""",
    )

    def full(page: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        scanners.scan("x", Settings(), folder, full)
    assert not Path(f"/proc/{(folder / 'process').read_text().strip()}").exists()


def test_a_full_disk_is_not_blamed_on_the_scanner(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        """case "$*" in *--all-options*) exit 0;; esac
        echo "libpng error: Write Error" >&2; kill -ABRT $$""",
    )
    with pytest.raises(errors.PageNotKept):
        scanners.scan("x", Settings(), folder, lambda _: None)


def test_a_search_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "exec sleep 60")
    monkeypatch.setattr(scanners, "ASKING_SECONDS", 0.3)
    with pytest.raises(errors.ScannerTookTooLong):
        scanners.devices()


def test_without_the_program_the_package_to_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not scanners.available()
    with pytest.raises(errors.ScanningMissing, match="sane-utils"):
        scanners.devices()


def test_a_feeder_with_a_mode_for_both_sides_is_two_sources() -> None:
    offered = Options.read(BROTHER)
    plain = "Automatic Document Feeder(left aligned)"
    assert offered.sources == (
        Source("FlatBed", "flatbed", ("--source=FlatBed",)),
        Source(plain, "feeder", (f"--source={plain}", "--adf-mode=Simplex")),
        Source(f"{plain} (Duplex)", "duplex", (f"--source={plain}", "--adf-mode=Duplex")),
    )
    assert offered.papers == ("A4", "A5", WHOLE)
    assert [mode.kind for mode in offered.modes] == [
        "black and white", "gray", "gray", "colour", "colour",
    ]  # fmt: skip
    assert offered.usual == Settings(plain, "24bit Color", 300, "A4")
    assert offered.source("").name == "FlatBed"


def test_a_sheet_of_its_own_size_is_told_before_the_window_on_it() -> None:
    offered = Options.read(FUJITSU)
    assert [source.kind for source in offered.sources] == ["feeder", "feeder", "duplex"]
    assert offered.arguments(Settings("ADF Duplex", "Color", 300, "A4")) == [
        "--source=ADF Duplex", "--mode=Color", "--resolution=300",
        "--page-width=210", "--page-height=297",
        "-l", "0", "-t", "0", "-x", "210", "-y", "297",
    ]  # fmt: skip
    whole = offered.arguments(Settings(paper=WHOLE))
    assert whole[-4:] == ["-x", "224.846", "-y", "420"]


def test_two_who_ask_for_one_small_page_both_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = folder / "page-0001.png"
    Image.effect_noise((600, 800), 40).save(page)
    both = threading.Barrier(2)
    opens = Image.open

    def together(*told: Any, **named: Any) -> Any:
        both.wait(PATIENCE)
        return opens(*told, **named)

    monkeypatch.setattr(Image, "open", together)
    with ThreadPoolExecutor(2) as crowd:
        seen = list(crowd.map(lambda _: small(page), range(2)))
    monkeypatch.undo()
    with Image.open(seen[0]) as shown:
        assert shown.size == (315, 420)
    assert sorted(path.name for path in folder.iterdir()) == ["page-0001.png", "page-0001.webp"]
