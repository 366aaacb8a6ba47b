"""Scanners, through SANE's own program `scanimage`: which there are, what they can do, a scan.

A network scanner is one more name in the list: sane-airscan finds those that speak eSCL or WSD.
SANE itself is left out of this process, because a backend that hangs or crashes must not take
the server along. Every function blocks until the scanner has answered: call them from a worker's
thread. A device is used by one program at a time; the second is refused as ScannerBusy.
"""

import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from scanning.devices.errors import (
    CoverOpen,
    FeederEmpty,
    FeederJammed,
    NoSuchScanner,
    NothingCame,
    PageNotKept,
    PreviewFromFeeder,
    ScannerBusy,
    ScannerForbidden,
    ScannerGaveUp,
    ScannerTookTooLong,
    ScanningMissing,
    SettingRefused,
)
from scanning.devices.offers import Options, Settings

PROGRAM = "scanimage"
ASKING_SECONDS = 40  # a search of the network takes 3 to 10
PAGE_SECONDS = 180  # A4 at 600 dpi in colour over the network, after warming up
STOPPING_SECONDS = 10  # in which a scanner told to stop brings its carriage home
LOOKING_SECONDS = 0.2  # between two looks whether to stop
MOST_PAGES = 1_000  # a feeder that never says it is empty must not fill the disk
PREVIEW_DPI = 75
NAME = "page-%04d.png"  # lossless, keeps the dpi, and far smaller than the TIFF scanimage writes
_NUMBERED = re.compile(r"page-(\d+)\.png")

# What scanimage says of a failure (sane_strstatus), and what that means to the person.
TROUBLES: tuple[tuple[str, type[NothingCame]], ...] = (
    ("feeder out of documents", FeederEmpty),
    ("feeder jammed", FeederJammed),
    ("cover is open", CoverOpen),
    ("Device busy", ScannerBusy),
    ("has been denied", ScannerForbidden),
    ("cannot open", PageNotKept),
    ("cannot close", PageNotKept),
    ("cannot rename", PageNotKept),
    ("Write Error", PageNotKept),
)
_SETTING = re.compile(r"setting of option (--\S+) failed|unrecognized option '([^'=]+)")
_CALL = re.compile(r"^sane_\w+: ")  # the name of a C function says nothing to the person


@dataclass(frozen=True)
class Device:
    """`name` is SANE's, to be given back to the other functions; the rest is for people."""

    name: str
    vendor: str
    model: str
    type: str


def available() -> bool:
    """Whether the program is there; a scanner is another matter."""
    return shutil.which(PROGRAM) is not None


def version() -> str:
    """Such as "1.2.1"; refuses where the program is missing."""
    said = _asked("--version").split("backend version ")
    return said[-1].strip()


def devices() -> list[Device]:
    """All scanners at this server and on its network; takes seconds. Empty if there is none."""
    rows = _asked("--formatted-device-list=%d\t%v\t%m\t%t%n").splitlines()
    cells = (row.split("\t") for row in rows)
    return [Device(*four) for four in cells if len(four) == 4]


def options(device: str) -> Options:
    """What can be chosen on this scanner. Opens it, so refuses a busy one."""
    return Options.read(_asked(f"--device-name={device}", "--all-options", device=device))


def preview(device: str, settings: Settings) -> bytes:
    """A small picture (PNG, about 75 dpi) of what lies on the glass."""
    offered = options(device)
    if offered.source(settings.source).is_stack:
        raise PreviewFromFeeder
    rough = min(offered.resolutions, key=lambda dpi: abs(dpi - PREVIEW_DPI), default=PREVIEW_DPI)
    chosen = Settings(settings.source, settings.mode, rough, settings.paper)
    with tempfile.TemporaryDirectory() as folder:
        pages: list[Path] = []
        _run(_scanning(device, offered, chosen, 1, 1), Path(folder), device, pages.append)
        return pages[0].read_bytes()


def scan(
    device: str,
    settings: Settings,
    folder: Path,
    on_page: Callable[[Path], None],
    *,
    stop: Callable[[], bool] = lambda: False,
    page_seconds: float = PAGE_SECONDS,
    most: int = MOST_PAGES,
) -> int:
    """Scan one sheet from the glass, or the feeder until it is empty; returns the pages it gave.

    Each page is a PNG in `folder`, numbered on from those that are there, and handed to `on_page`
    in this thread as soon as it is whole: its front, its back, the next sheet's front. Asked every
    LOOKING_SECONDS, `stop` ends the scan; the pages that came stay. On a refusal, too, the pages
    handed over are good: a jam on sheet 20 leaves 19 that need not be scanned again.
    """
    offered = options(device)
    is_stack = offered.source(settings.source).is_stack
    call = _scanning(device, offered, settings, _next_number(folder), most if is_stack else 1)
    return _run(call, folder, device, on_page, stop, page_seconds)


def _scanning(
    device: str, offered: Options, settings: Settings, first: int, most: int
) -> list[str]:
    return [
        f"--device-name={device}",
        *offered.arguments(settings),
        "--format=png",
        # The name has no folder, whose own % would be taken for a place to fill.
        f"--batch={NAME}",
        f"--batch-start={first}",
        f"--batch-count={most}",
        "--batch-print",
    ]


def pages_in(folder: Path) -> list[Path]:
    """The whole pages that lie there, in the order in which they came."""
    found = ((_NUMBERED.fullmatch(path.name), path) for path in folder.iterdir())
    return [path for _, path in sorted((int(one[1]), path) for one, path in found if one)]


def _next_number(folder: Path) -> int:
    last = [_NUMBERED.fullmatch(path.name) for path in pages_in(folder)[-1:]]
    return 1 + sum(int(one[1]) for one in last if one)


def _asked(*arguments: str, device: str = "") -> str:
    """What scanimage prints on a question that is answered at once."""
    with tempfile.TemporaryFile() as said, _started(arguments, Path("/"), said) as child:
        try:
            printed, _ = child.communicate(timeout=ASKING_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ScannerTookTooLong(seconds=ASKING_SECONDS) from error
        if child.returncode:
            raise _trouble(_text(said), device)
        return printed.decode(errors="replace")


def _run(
    arguments: list[str],
    folder: Path,
    device: str,
    on_page: Callable[[Path], None],
    stop: Callable[[], bool] = lambda: False,
    page_seconds: float = PAGE_SECONDS,
) -> int:
    came = 0
    with tempfile.TemporaryFile() as said:
        try:
            with _started(arguments, folder, said) as child:
                for name in _names(child, stop, page_seconds):
                    on_page(folder / name)
                    came += 1
                code = child.wait()
        finally:
            for torn in folder.glob("page-*.png.part"):
                torn.unlink(missing_ok=True)
        # The code is 0 or 7 at a stack's end, by version; an empty feeder may be either, too.
        trouble = None if code == 0 and came else _trouble(_text(said), device)
    if trouble is None or stop() or (came and isinstance(trouble, FeederEmpty)):
        return came
    raise trouble


@contextmanager
def _started(
    arguments: Sequence[str], folder: Path, said: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """The program, running; ended, if it still runs, when the block is left."""
    try:
        child = subprocess.Popen(  # noqa: S603 - a fixed program, no shell
            [PROGRAM, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            # Without a terminal no backend can ask for a password and wait for ever.
            start_new_session=True,
        )
    except (FileNotFoundError, PermissionError) as error:
        raise ScanningMissing from error
    with child:
        try:
            yield child
        finally:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let the scanner stop in its own way, which scanimage does on the first signal; then kill."""
    if child.poll() is not None:
        return
    child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(STOPPING_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _names(
    child: subprocess.Popen[bytes], stop: Callable[[], bool], page_seconds: float
) -> Iterator[str]:
    """The names of whole pages as scanimage prints them, until it ends or is to stop.

    It prints a name after it has given the file this name, so nothing half-written is seen.
    """
    out = cast(IO[bytes], child.stdout)
    rest, since = b"", time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while True:
            if stop():
                _end(child)  # Then what it has printed is read to its end.
            if not selector.select(LOOKING_SECONDS):
                if time.monotonic() - since > page_seconds:
                    raise ScannerTookTooLong(seconds=round(page_seconds))
                continue
            read = os.read(out.fileno(), 65_536)
            if not read:
                return
            *lines, rest = (rest + read).split(b"\n")
            # Some backends print chatter of their own.
            names = (line.decode(errors="replace").strip() for line in lines)
            yield from filter(_NUMBERED.fullmatch, names)
            since = time.monotonic()


def _text(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")


def _trouble(said: str, device: str) -> NothingCame:
    """What the program's last words mean."""
    for words, refusal in TROUBLES:
        if words in said:
            return refusal()
    if found := _SETTING.search(said):
        return SettingRefused(choice=found[1] or found[2])
    if "open of device" in said or "no SANE devices" in said:
        return NoSuchScanner(device=device)
    spoken = [line for line in said.splitlines() if line.startswith(f"{PROGRAM}: ")]
    last = spoken[-1].removeprefix(f"{PROGRAM}: ") if spoken else said.strip()[-200:]
    return ScannerGaveUp(reason=_CALL.sub("", last) or PROGRAM)
