"""Writing PDF: objects appended to a file one after another, so that memory stays small."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import BinaryIO

HEADER = b"%PDF-1.7\n%\xe5\x8d\xb7\xe5\xae\x97\n"


class Objects:
    """Numbered objects on their way into a PDF file, new or appended to what is there.

    `first` is the first number that is free.
    """

    def __init__(self, file: BinaryIO, first: int = 1) -> None:
        self._file = file
        self._next = first
        self._written: dict[int, tuple[int, int]] = {}

    def reserve(self) -> int:
        """A number whose object is put later."""
        self._next += 1
        return self._next - 1

    def put(self, number: int, body: bytes, generation: int = 0) -> int:
        self._written[number] = (self._file.tell(), generation)
        self._file.write(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))
        return number

    def add(self, body: bytes) -> int:
        return self.put(self.reserve(), body)

    def add_stream(self, data: bytes, entries: bytes = b"", *, compress: bool = True) -> int:
        """A stream; `entries` of its dictionary besides /Length, and /Filter if compressed here."""
        if compress:
            data, entries = zlib.compress(data), entries + b" /Filter /FlateDecode"
        number = self.reserve()
        self._written[number] = (self._file.tell(), 0)
        self._file.write(b"%d 0 obj\n<< /Length %d %s >>\n" % (number, len(data), entries))
        self._file.write(b"stream\n")
        self._file.write(data)  # Apart from the rest: a photo may have 200 MB.
        self._file.write(b"\nendstream\nendobj\n")
        return number

    def finish(self, trailer: Mapping[bytes, bytes], *, as_stream: bool = False) -> None:
        """The table of what stands where. A file whose table is a stream wants another such."""
        number = self.reserve() if as_stream else 0
        start = self._file.tell()
        entries = b"".join(b" /%s %s" % entry for entry in trailer.items())
        entries += b" /Size %d" % self._next
        if as_stream:
            self._written[number] = (start, 0)
            self._put_stream_table(number, entries)
        else:
            self._put_table(entries)
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _put_table(self, entries: bytes) -> None:
        self._file.write(b"xref\n")
        if 1 in self._written:  # A new file's table begins with the head of the free ones.
            self._file.write(b"0 1\n0000000000 65535 f \n")
        for section in _sections(self._written):
            self._file.write(b"%d %d\n" % (section[0], len(section)))
            for number in section:
                self._file.write(b"%010d %05d n \n" % self._written[number])
        self._file.write(b"trailer\n<<%s >>\n" % entries)

    def _put_stream_table(self, number: int, entries: bytes) -> None:
        sections = list(_sections(self._written))
        index = b" ".join(b"%d %d" % (section[0], len(section)) for section in sections)
        rows = b"".join(
            struct.pack(">BQH", 1, *self._written[one]) for section in sections for one in section
        )
        head = b"<< /Type /XRef /W [1 8 2] /Index [%s] /Length %d%s >>"
        self._file.write(b"%d 0 obj\n" % number + head % (index, len(rows), entries))
        self._file.write(b"\nstream\n" + rows + b"\nendstream\nendobj\n")


def _sections(numbers: Iterable[int]) -> Iterable[list[int]]:
    """Runs of consecutive numbers, in order."""
    run: list[int] = []
    for number in sorted(numbers):
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
