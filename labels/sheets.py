"""Label paper: the sizes that can be printed on, as one table. A new size is one line."""

from dataclasses import dataclass

from labels.refusals import N_, Refusal


class UnknownSheet(Refusal):
    """No such label paper is in the table."""

    text = N_("There is no label paper called “%(name)s”: choose one of %(names)s.")


class NoSuchPlace(Refusal):
    """The first place to print on is not on the sheet."""

    text = N_("This paper has %(places)s labels: give a first label from 1 to %(places)s.")


@dataclass(frozen=True)
class Sheet:
    """One kind of label paper; all lengths in millimetres, from the top left corner of the page.

    `edge` is the rim of the page on which printers cannot print: 4.2 mm for most laser printers.
    """

    name: str
    page_width: float
    page_height: float
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    edge: float = 4.5

    @property
    def places(self) -> int:
        """How many labels are on one sheet."""
        return self.columns * self.rows

    @property
    def size(self) -> str:
        """The label's size as people say it, e.g. `99.1 × 38.1 mm`."""
        return f"{self.width:g} × {self.height:g} mm"

    def corner(self, place: int) -> tuple[float, float]:
        """Top left corner (x, y) of a place; 1 is the first, counted along the rows."""
        row, column = divmod(place - 1, self.columns)
        return self.left + column * self.pitch_x, self.top + row * self.pitch_y

    def padding(self) -> tuple[float, float]:
        """How far (across, down) ink stays from a label's border, wherever it is on the page."""
        inner = max(1.5, 0.06 * min(self.width, self.height))
        return max(inner, self.edge - self.left), max(inner, self.edge - self.top)


def _roll(width: float, height: float) -> Sheet:
    """A roll of a label printer: each label is a page of its own."""
    return Sheet(
        f"{width:g}x{height:g}", width, height, 1, 1, width, height, 0, 0, width, height, 1.5
    )


_TABLE = (
    # name, page, columns and rows, label, first label's corner, pitch
    Sheet("L7163", 210, 297, 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1),
    Sheet("L7160", 210, 297, 3, 7, 63.5, 38.1, 7.21, 15.15, 66.04, 38.1),
    Sheet("J8160", 210, 297, 3, 7, 63.5, 38.1, 7.21, 15.15, 66.04, 38.1),
    Sheet("L7173", 210, 297, 2, 5, 99.1, 57.0, 4.65, 6.0, 101.6, 57.0),
    Sheet("70x37", 210, 297, 3, 8, 70.0, 37.0, 0, 0.5, 70.0, 37.0),
    Sheet("105x74", 210, 297, 2, 4, 105.0, 74.0, 0, 0.5, 105.0, 74.0),
    _roll(100, 70),
    _roll(60, 40),
    _roll(50, 30),
)

SHEETS: dict[str, Sheet] = {sheet.name: sheet for sheet in _TABLE}

# Wide enough for a company's full name, fourteen on a sheet; fits the face of an A4 folder.
DEFAULT = SHEETS["L7163"]


def find(name: str) -> Sheet:
    """The label paper of that name, in capitals or not. Raises UnknownSheet."""
    for sheet in _TABLE:
        if sheet.name.casefold() == name.strip().casefold():
            return sheet
    raise UnknownSheet(name=name, names=", ".join(SHEETS))
