"""What a scanner can do, read from what `scanimage --all-options` prints, and what is chosen.

Backends name the same thing in many ways: a duplex feeder is a source of its own ("ADF Duplex"),
or a feeder with `--adf-mode Duplex`, or one with `--duplex`. Here each way of taking paper in is
one source.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scanning.devices.errors import SettingRefused

SourceKind = Literal["flatbed", "feeder", "duplex", "other"]
ModeKind = Literal["colour", "gray", "black and white", "other"]

# Millimetres, width by height.
PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A5": (148.0, 210.0)}
WHOLE = "whole"  # all that the scanner reaches, but no more than A3: a feeder may claim 3 metres
NEARLY = 10.0  # mm by which a glass may be smaller than the paper it is made for
USUAL_DPI = 300  # DA/T 31-2017 §9.4: at least 200, and 300 for small or poor print
MOST_DPI = 600  # more only makes the pages heavy
COMMON_DPI = (75, 100, 150, 200, 240, 300, 400, 600, 1200)

_LINE = re.compile(r" {4}--?(?P<name>[a-z0-9-]+)(?P<switch>\[=\(\S*\)\])?(?: (?P<rest>.*))?")
_MARKS = re.compile(r"( \[(inactive|hardware|read-only|advanced)\])+$")
_RANGE = re.compile(r"(-?\d[\d.]*?)\.\.(-?\d[\d.]*)")
_FEEDER = re.compile(r"feeder|adf", re.IGNORECASE)
_DUPLEX = re.compile(r"duplex|both sides", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """One option of a device: its values as words, or the range it lies in; what is set now."""

    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    now: str = ""


@dataclass(frozen=True)
class Source:
    """A way of taking paper in. `name` is what `Settings.source` says; empty for the only one."""

    name: str
    kind: SourceKind
    arguments: tuple[str, ...] = ()

    @property
    def is_stack(self) -> bool:
        return self.kind in ("feeder", "duplex")


@dataclass(frozen=True)
class Mode:
    name: str
    kind: ModeKind


@dataclass(frozen=True)
class Settings:
    """What a person chose, by the names `Options` gives. Empty: as the device stands."""

    source: str = ""
    mode: str = ""
    resolution: int = USUAL_DPI
    paper: str = WHOLE


@dataclass(frozen=True)
class Options:
    """What can be chosen on a device; a list is empty where the device leaves no choice.

    `resolutions` are dots per inch: all that the device names, or the common ones in its range.
    `papers` are names out of PAPERS, and WHOLE.
    """

    sources: tuple[Source, ...]
    modes: tuple[Mode, ...]
    resolutions: tuple[int, ...]
    papers: tuple[str, ...]
    usual: Settings
    table: Mapping[str, Offer]

    @classmethod
    def read(cls, printed: str) -> "Options":
        """From what scanimage printed."""
        table = dict(_offers(printed))
        sources, modes = tuple(_sources(table)), tuple(_modes(table))
        resolutions, papers = _resolutions(table), _papers(table)
        usual = Settings(
            next((one.name for one in sources if one.is_stack), _now(table, "source")),
            next((one.name for one in modes if one.kind == "colour"), _now(table, "mode")),
            min(resolutions, key=lambda dpi: abs(dpi - USUAL_DPI), default=USUAL_DPI),
            "A4" if "A4" in papers else WHOLE,
        )
        return cls(sources, modes, resolutions, papers, usual, table)

    def source(self, name: str) -> Source:
        """The source of that name; the empty name means the one that is set now."""
        wanted = name or _now(self.table, "source")
        for source in self.sources:
            if source.name == wanted:
                return source
        if wanted:
            raise SettingRefused(choice=wanted)
        return Source("", "other")

    def arguments(self, chosen: Settings) -> list[str]:
        """The choice in scanimage's own words; refuses what this device does not have.

        A resolution or size the device cannot do is rounded by the device itself.
        """
        arguments = list(self.source(chosen.source).arguments)
        if chosen.mode:
            if chosen.mode not in [mode.name for mode in self.modes]:
                raise SettingRefused(choice=chosen.mode)
            arguments.append(f"--mode={chosen.mode}")
        if "resolution" in self.table:
            arguments.append(f"--resolution={chosen.resolution}")
        return arguments + self._size(chosen.paper)

    def _size(self, paper: str) -> list[str]:
        if paper not in (*PAPERS, WHOLE):
            raise SettingRefused(choice=paper)
        if not {"l", "t", "x", "y"} <= self.table.keys():
            return []
        width, height = PAPERS.get(paper) or _reach(self.table)
        # A feeder places the window by the paper's width, so that comes first.
        pairs = {"page-width": width, "page-height": height}
        sheet = [f"--{name}={side:g}" for name, side in pairs.items() if name in self.table]
        return [*sheet, "-l", "0", "-t", "0", "-x", f"{width:g}", "-y", f"{height:g}"]


def is_one_sided_feeder(source: str) -> bool:
    """Whether a source, by its name, is a feeder that sees one side of a sheet at a time."""
    return bool(_FEEDER.search(source)) and not _DUPLEX.search(source)


def _offers(printed: str) -> Iterator[tuple[str, Offer]]:
    for line in printed.splitlines():
        if found := _LINE.fullmatch(line):
            switch = ("yes", "no") if found["switch"] else ()
            yield found["name"], _offer(found["rest"] or "", switch)


def _offer(rest: str, switch: tuple[str, ...]) -> Offer:
    """From what stands behind an option's name: `75|150|300dpi [75]`, `0..200mm [80] [advanced]`.

    Values may have blanks and brackets of their own: `24bit Color[Fast] [24bit Color[Fast]]`.
    """
    rest, now = _MARKS.sub("", f" {rest}").strip(), ""
    if rest.endswith("]"):
        before, bracket, value = f" {rest}"[:-1].rpartition(" [")
        if bracket:
            rest, now = before.strip(), value
    if found := _RANGE.match(rest.removeprefix("auto|")):
        return Offer((), float(found[1]), float(found[2]), now)
    return Offer(switch or tuple(value for value in rest.split("|") if value), now=now)


def _now(table: Mapping[str, Offer], name: str) -> str:
    return table[name].now if name in table else ""


def _sources(table: Mapping[str, Offer]) -> Iterator[Source]:
    names = table["source"].values if "source" in table else ()
    both = None if any(_DUPLEX.search(name) for name in names) else _both_sides(table)
    for name in names:
        plain = (f"--source={name}",)
        if not _FEEDER.search(name):
            flat = "flatbed" in name.lower() or "platen" in name.lower()
            yield Source(name, "flatbed" if flat else "other", plain)
        elif _DUPLEX.search(name):
            yield Source(name, "duplex", plain)
        elif both:
            single, double = both
            yield Source(name, "feeder", (*plain, single))
            yield Source(f"{name} (Duplex)", "duplex", (*plain, double))
        else:
            yield Source(name, "feeder", plain)


def _both_sides(table: Mapping[str, Offer]) -> tuple[str, str] | None:
    """How a feeder is told to read one side, and both."""
    words = table["adf-mode"].values if "adf-mode" in table else ()
    double = [word for word in words if _DUPLEX.search(word)]
    single = [word for word in words if word not in double]
    if single and double:
        return f"--adf-mode={single[0]}", f"--adf-mode={double[0]}"
    if "duplex" in table and table["duplex"].values == ("yes", "no"):
        return "--duplex=no", "--duplex=yes"
    return None


def _modes(table: Mapping[str, Offer]) -> Iterator[Mode]:
    for name in table["mode"].values if "mode" in table else ():
        word = name.lower()
        if "lineart" in word or "halftone" in word or "black" in word or "binary" in word:
            yield Mode(name, "black and white")
        elif "colo" in word:
            yield Mode(name, "colour")
        else:
            yield Mode(name, "gray" if "gr" in word else "other")


def _resolutions(table: Mapping[str, Offer]) -> tuple[int, ...]:
    offer = table.get("resolution", Offer())
    if offer.values:
        numbers = (re.match(r"[\d.]+", value) for value in offer.values)
        return tuple(round(float(number[0])) for number in numbers if number)
    return tuple(dpi for dpi in COMMON_DPI if offer.low <= dpi <= offer.high)


def _papers(table: Mapping[str, Offer]) -> tuple[str, ...]:
    if not {"l", "t", "x", "y"} <= table.keys():
        return (WHOLE,)
    across, down = _limits(table)
    fitting = [
        name
        for name, (width, height) in PAPERS.items()
        if width <= across + NEARLY and height <= down + NEARLY
    ]
    return (*fitting, WHOLE)


def _limits(table: Mapping[str, Offer]) -> tuple[float, float]:
    """The largest width and height in mm; the window's range may be cut by the sheet set now."""
    across = max(table[name].high for name in ("x", "page-width") if name in table)
    down = max(table[name].high for name in ("y", "page-height") if name in table)
    return across, down


def _reach(table: Mapping[str, Offer]) -> tuple[float, float]:
    across, down = _limits(table)
    return min(across, PAPERS["A3"][0]), min(down, PAPERS["A3"][1])
