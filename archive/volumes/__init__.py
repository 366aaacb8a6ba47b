"""Volumes (案卷) and the folders that carry them: numbered, filed into."""

from archive.volumes.lists import (
    by_codes,
    counts,
    folders,
    folders_by_code,
    folders_of,
    folders_of_all,
    listed,
    of_party,
    of_plan,
    supplement_of,
)
from archive.volumes.numbering import (
    OpenAlready,
    add_item,
    archival_code,
    item_code,
    open_by_hand,
    series,
    taking,
)
from archive.volumes.parts import dealt, make_folder
from archive.volumes.records import (
    THICKNESS,
    THICKNESSES,
    Arrangement,
    Folder,
    NoSuchFolder,
    NoSuchVolume,
    Volume,
    VolumeState,
    by_code,
    by_id,
    folder_by_code,
    folder_by_id,
    spell,
)
from archive.volumes.states import (
    MOVES,
    ClosedAlready,
    Deed,
    NoReason,
    NotClosed,
    NothingInVolume,
    OrderFixed,
    VolumeClosed,
    close,
    describe,
    do,
    lock,
    may,
    needed,
    reopen,
)

__all__ = [
    "MOVES", "THICKNESS", "THICKNESSES", "Arrangement", "ClosedAlready", "Deed", "Folder",
    "NoReason", "NoSuchFolder", "NoSuchVolume", "NotClosed", "NothingInVolume", "OpenAlready",
    "OrderFixed", "Volume", "VolumeClosed", "VolumeState", "add_item", "archival_code", "by_code",
    "by_codes", "by_id", "close", "counts", "dealt", "describe", "do", "folder_by_code",
    "folder_by_id", "folders", "folders_by_code", "folders_of", "folders_of_all", "item_code",
    "listed", "lock", "make_folder", "may", "needed", "of_party", "of_plan", "open_by_hand",
    "reopen", "series", "spell", "supplement_of", "taking",
]  # fmt: skip
