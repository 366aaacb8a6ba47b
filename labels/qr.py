"""QR codes: which squares are dark. What is drawn from them is a vector, never a bitmap."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

import qrcode
from qrcode.constants import (
    ERROR_CORRECT_M,
    ERROR_CORRECT_Q,
)
from qrcode.exceptions import DataOverflowError
from qrcode.image.pure import PyPNGImage

from labels.refusals import N_, Refusal

Matrix = tuple[tuple[bool, ...], ...]

# ISO/IEC 18004 asks for four modules of white around the code.
QUIET = 4


class TooMuchForQr(Refusal):
    """The largest QR code holds 2,331 bytes at error correction M."""

    text = N_("This text is too long for a QR code: shorten the server's base address.")


class Bar(NamedTuple):
    """A dark rectangle one module high, in modules from the top left corner."""

    x: int
    y: int
    width: int


def modules(text: str) -> Matrix:
    """Dark (True) and light squares, row by row from the top, without the quiet zone.

    The code is as small as error correction M allows; where that size has room for more
    correction, it gets it for nothing.
    """
    version = _version(text, ERROR_CORRECT_M)
    code = _code(text, _strongest(text, version), version)
    code.make(fit=False)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def bars(matrix: Matrix) -> Iterator[Bar]:
    """The dark squares, neighbours in a row joined: about a third as many shapes to draw."""
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate((*row, False)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield Bar(start, y, x - start)
                start = None


def svg(text: str, label: str = "") -> str:
    """The code as an SVG element to stand in a page: quiet zone, white ground, no style in it.

    `label` is what a screen reader says; without one the picture is only decoration.
    """
    matrix = modules(text)
    side = len(matrix) + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h{w}v1h-{w}z" for x, y, w in bars(matrix))
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" {spoken}>'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{path}" fill="#000" shape-rendering="crispEdges"/></svg>'
    )


def _strongest(text: str, version: int) -> int:
    """Q where the size has room for it; H never fits where M would not fit a smaller size."""
    try:
        return ERROR_CORRECT_Q if _version(text, ERROR_CORRECT_Q) == version else ERROR_CORRECT_M
    except TooMuchForQr:
        return ERROR_CORRECT_M


def _version(text: str, correction: int) -> int:
    """The smallest size, 1 to 40, that holds the text. Raises TooMuchForQr."""
    try:
        return int(_code(text, correction, None).best_fit())
    except (DataOverflowError, ValueError):
        # qrcode 8.2 means DataOverflowError, but stumbles over version 41 before it gets there.
        raise TooMuchForQr from None


def _code(text: str, correction: int, version: int | None) -> "qrcode.QRCode[PyPNGImage]":
    code = qrcode.QRCode(
        version=version, error_correction=correction, border=0, image_factory=PyPNGImage
    )
    code.add_data(text)
    return code
