"""A font without glyphs: Chinese characters as wide as high, others half, and nothing drawn.

Invisible text needs a font that says which Unicode each code means, and no more. Codes are the
characters' own numbers, two bytes each. The font program is TrueType, because viewers want an
embedded one; its tables follow the OpenType specification. Its glyphs, a wide and a narrow one,
are lines without breadth from corner to corner: pdfium drops a character whose glyph has no
extent, and marks one that was found by its extent.
"""

import struct

from scanning.pdf.writing import Objects

UNITS = 1000  # per em
NARROW = 0.5  # em; the width of characters before FIRST_WIDE
FIRST_WIDE = 0x2E80

DESCRIPTOR = (
    b"<< /Type /FontDescriptor /FontName /Glyphless /Flags 5 /FontBBox [0 -200 1000 800]"
    b" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 800 /StemV 80 /FontFile2 %d 0 R >>"
)
DESCENDANT = (
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Glyphless"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    b" /DW 1000 /W [0 11903 500] /CIDToGIDMap %d 0 R /FontDescriptor %d 0 R >>"
)
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Glyphless /Encoding /Identity-H"
    b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>"
)


def program() -> bytes:
    """The TrueType file: the smallest that font readers take."""
    head = struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, UNITS, 0, 0, 0, -200, UNITS, 800, 0, 8, 2, 0, 0,
    )  # fmt: skip
    hhea = struct.pack(f">IhhhH{11 * 'h'}H", 0x00010000, 800, -200, 0, UNITS, *[0] * 11, 3)
    maxp = struct.pack(">IH13H", 0x00010000, 3, 2, 1, *[0] * 11)
    wide, narrow = _line(UNITS), _line(round(NARROW * UNITS))
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(
        ">HHHHHHHHHHHH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0
    )
    post = struct.pack(">IIhhIIIII", 0x00030000, 0, 0, 0, 1, 0, 0, 0, 0)
    tables = {
        b"cmap": cmap, b"glyf": wide + narrow, b"head": head, b"hhea": hhea,
        b"hmtx": struct.pack(">HhHhHh", UNITS, 0, UNITS, 0, round(NARROW * UNITS), 0),
        b"loca": struct.pack(">HHHH", 0, 0, len(wide) // 2, len(wide + narrow) // 2),
        b"maxp": maxp, b"post": post,
    }  # fmt: skip
    return _assembled(tables)


def _line(across: int) -> bytes:
    """A glyph (OpenType, "glyf"): one contour of two points, which encloses nothing."""
    box = struct.pack(">hhhhh", 1, 0, -200, across, 800)
    points = struct.pack(">HHBBhhhh", 1, 0, 1, 1, 0, across, -200, UNITS)
    return box + points


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">III", total, start + len(body), len(table))
        body += padded
    return struct.pack(">IHHHH", 0x00010000, len(tables), 128, 3, 0) + directory + body


def to_unicode(rare: dict[str, int]) -> bytes:
    """Which character each code means: its own number, and for `rare` ones beyond two bytes,
    the code they were lent."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /Glyphless def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    # A range must not run over a first byte's end, and a block holds at most a hundred.
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(0x100)]
    for first in range(0, len(ranges), 100):
        block = ranges[first : first + 100]
        lines += [f"{len(block)} beginbfrange", *block, "endbfrange"]
    lent = [f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for char, code in rare.items()]
    for first in range(0, len(lent), 100):
        block = lent[first : first + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


def write(objects: Objects, rare: dict[str, int], number: int) -> None:
    """Put the font into a PDF as object `number`."""
    file = objects.add_stream(program())
    descriptor = objects.add(DESCRIPTOR % file)
    glyphs = objects.add_stream(b"\0\2" * FIRST_WIDE + b"\0\1" * (0x10000 - FIRST_WIDE))
    descendant = objects.add(DESCENDANT % (glyphs, descriptor))
    objects.put(number, FONT % (descendant, objects.add_stream(to_unicode(rare))))
