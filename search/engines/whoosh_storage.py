"""The index's folder: whatever is committed is sealed with a checksum and safe on the disk."""

import mmap
import os
import struct
import zlib
from functools import partial
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

# The last figures count the layouts of the index: one that is laid out otherwise is built again.
_SEAL = struct.Struct("<4sI")
_LAYOUT = b"JZ01"
_CHUNK = 1 << 20  # bytes


class SealBroken(Exception):
    """A file of the index is not as it was written."""


class SealedStorage(FileStorage):
    """Whoosh's folder of files; a table of contents is sealed before it takes effect."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh's last step of a commit: from here on the new table of contents holds."""
        self.seal(oldname)
        super().rename_file(oldname, newname, safe=safe)
        _to_disk(Path(self.folder))

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Open a file; a table of contents only when its seal is whole. Raises SealBroken."""
        if name.endswith(".toc"):
            self.sealed(name)
        return super().open_file(name, **kwargs)

    def sealed(self, name: str) -> memoryview:
        """A sealed file's bytes, read where they lie as they are needed. Raises SealBroken."""
        with (Path(self.folder) / name).open("rb") as file:
            if os.fstat(file.fileno()).st_size < _SEAL.size:
                raise SealBroken
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        layout, checksum = _SEAL.unpack(whole[-_SEAL.size :])
        if layout != _LAYOUT or checksum != zlib.crc32(whole[: -_SEAL.size]):
            raise SealBroken
        return whole

    def seal(self, name: str) -> None:
        """Write the checksum behind the file, and all of it to the disk."""
        with (Path(self.folder) / name).open("r+b") as file:
            checksum = 0
            for chunk in iter(partial(file.read, _CHUNK), b""):
                checksum = zlib.crc32(chunk, checksum)
            file.write(_SEAL.pack(_LAYOUT, checksum))
            file.flush()
            os.fsync(file.fileno())


def _to_disk(folder: Path) -> None:
    """Make a new name in the folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
