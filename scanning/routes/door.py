"""The door of scanning: what its views hang on."""

from archive.base import web

door = web.Door("scanning")
