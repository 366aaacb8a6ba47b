"""Volumes (案卷) and the folders that carry them: numbered, filed into."""

from archive.volumes.lists import counts, folders, folders_by_code, folders_of, listed, of_party
from archive.volumes.numbering import add_item, archival_code, item_code, taking
from archive.volumes.records import (
    Arrangement,
    Folder,
    NoSuchFolder,
    NoSuchVolume,
    Volume,
    VolumeState,
    by_id,
    folder_by_code,
    folder_by_id,
)

__all__ = [
    "Arrangement",
    "Folder",
    "NoSuchFolder",
    "NoSuchVolume",
    "Volume",
    "VolumeState",
    "add_item",
    "archival_code",
    "by_id",
    "counts",
    "folder_by_code",
    "folder_by_id",
    "folders",
    "folders_by_code",
    "folders_of",
    "item_code",
    "listed",
    "of_party",
    "taking",
]
