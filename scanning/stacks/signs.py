"""Signs of a page: what the picture says, without reading it, of where a stack parts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_args

from scanning import images
from scanning.images import Picture
from scanning.reading import Box
from scanning.stacks import blanks, codes, patches, shadows
from scanning.stacks.blanks import Blankness
from scanning.stacks.codes import Code
from scanning.stacks.working import working


@dataclass(frozen=True)
class PageSigns:
    """What was found on one page.

    Boxes are in pixels of the page as it was scanned, before it is turned and straightened;
    `width`, `height` and `dpi` (0 if unknown) are that picture's. `unread` are large squares
    that look like codes and could not be read, `patches` the kinds of patch code (`T`, `1` to
    `4`, `6`), `ink` the inked share of the paper without its codes, 0 to 1; `trace` is
    where on the page the ink is (see shadows).
    """

    width: int
    height: int
    dpi: int
    codes: tuple[Code, ...] = ()
    unread: tuple[Box, ...] = ()
    patches: tuple[str, ...] = ()
    blankness: Blankness = "written"
    ink: float = 0.0
    trace: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        told = asdict(self)
        told["codes"] = [asdict(code) | {"box": list(code.box)} for code in self.codes]
        told["unread"] = [list(box) for box in self.unread]
        return told | {"patches": list(self.patches)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "PageSigns":
        """The signs back from to_dict(), whether or not JSON lay between."""
        blankness: Blankness = stored["blankness"]
        if blankness not in get_args(Blankness):
            raise ValueError(blankness)
        return cls(
            width=stored["width"],
            height=stored["height"],
            dpi=stored["dpi"],
            codes=tuple(_code(code) for code in stored["codes"]),
            unread=tuple(_box(box) for box in stored["unread"]),
            patches=tuple(stored["patches"]),
            blankness=blankness,
            ink=stored["ink"],
            trace=stored["trace"],
        )


def signs(picture: Picture, dpi: int = 0) -> PageSigns:
    """The signs on a page's picture as it was scanned; about a tenth of a second's work."""
    page = working(picture, dpi)
    height, width = picture.shape[:2]
    found, unread = codes.read(images.grey(picture), page)
    inked = blanks.ink(page, [*(code.box for code in found), *unread])
    return PageSigns(
        width=width,
        height=height,
        dpi=dpi,
        codes=found,
        unread=unread,
        patches=patches.patches(page),
        blankness=inked.blankness,
        ink=inked.share,
        trace=shadows.trace(inked.pale, inked.dark, page.per_mm),
    )


def _code(stored: Mapping[str, Any]) -> Code:
    return Code(stored["text"], stored["kind"], _box(stored["box"]), stored["depth"])


def _box(sides: list[int]) -> Box:
    left, top, right, bottom = sides
    return left, top, right, bottom
