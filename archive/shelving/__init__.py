"""Shelving (上架): where each folder stands, where it belongs, and every move between the two."""

from archive.shelving.moves import (
    LONGEST_REASON,
    WHYS,
    Move,
    MovedMeanwhile,
    NotWhileOut,
    Why,
    astray,
    come_back,
    go_out,
    moves_of,
    put,
    shelve,
)
from archive.shelving.plans import Plan, PlanStep

__all__ = [
    "LONGEST_REASON",
    "WHYS",
    "Move",
    "MovedMeanwhile",
    "NotWhileOut",
    "Plan",
    "PlanStep",
    "Why",
    "astray",
    "come_back",
    "go_out",
    "moves_of",
    "put",
    "shelve",
]
