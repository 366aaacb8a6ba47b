"""Reading engines, known by name. Each finds lines of text on a picture and says what they say."""

from collections.abc import Callable
from functools import cache, partial
from typing import Protocol

from scanning.engines import openvino
from scanning.engines.rapid import RapidReader
from scanning.engines.tesseract import TesseractReader
from scanning.errors import EngineMissing, EngineUnknown
from scanning.images import Picture
from scanning.reading import Line

DEFAULT = "rapidocr"


class Reader(Protocol):
    """What an engine offers. Pictures are RGB; boxes are in the pixels of the upright one."""

    @property
    def name(self) -> str: ...

    def available(self) -> bool: ...

    def version(self) -> str: ...

    def upright(self, picture: Picture) -> int:
        """Degrees (0, 90, 180, 270), clockwise, by which the page must be turned."""
        ...

    def read(self, picture: Picture) -> list[Line]:
        """The lines on the page, in any order."""
        ...

    def read_upright(self, picture: Picture) -> tuple[int, list[Line]]:
        """What upright() and then read() of the turned page say, with less work than both."""
        ...


READERS: dict[str, Callable[[], Reader]] = {
    "rapidocr": RapidReader,
    "rapidocr-onnxruntime": partial(RapidReader, may_be_quicker=False),
    "tesseract": TesseractReader,
}


@cache
def reader(name: str) -> Reader:
    """The engine of that name, kept warm in this process; refuses if it is not there."""
    if name not in READERS:
        raise EngineUnknown(engine=name, engines=", ".join(READERS))
    found = READERS[name]()
    if not found.available():
        raise EngineMissing(engine=name)
    return found


def rest() -> None:
    """Give back the memory that is only needed while a page is read; the next takes it again."""
    openvino.rest()
