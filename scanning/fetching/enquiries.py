"""Enquiries: which scanners there are and what they can do, asked apart from whoever waits.

Finding the scanners of a network takes seconds, so that a page shows what was last heard, and a
thread asks anew what is older than a minute.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from scanning.devices import scanners
from scanning.devices.errors import NoScanner, NoSuchScanner, NothingCame
from scanning.devices.offers import Options
from scanning.devices.scanners import Device

GOOD_SECONDS = 60.0
WAIT_SECONDS = 90.0  # two questions, each with its own limit of time
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Heard(Generic[Answer]):
    """What was last heard: an answer, a problem, or nothing yet."""

    answer: Answer | None = None
    problem: NothingCame | None = None
    is_asking: bool = False


class Enquiry(Generic[Answer]):
    """One question, its last answer and how old that is."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._question = question
        self._lock = threading.Lock()
        self._heard: Heard[Answer] = Heard()
        self._heard_at = -GOOD_SECONDS
        self._asking: threading.Thread | None = None

    def hear(self, *, anew: bool = False, wait: float = 0.0) -> Heard[Answer]:
        """What is known by now; with `wait`, in seconds, what is known then."""
        with self._lock:
            is_old = anew or time.monotonic() - self._heard_at >= GOOD_SECONDS
            if is_old and self._asking is None:
                self._asking = threading.Thread(target=self._ask, daemon=True)
                self._asking.start()
            asking = self._asking
        if asking and wait:
            asking.join(wait)
        with self._lock:
            heard = self._heard
            return Heard(heard.answer, heard.problem, self._asking is not None)

    def _ask(self) -> None:
        # Whatever goes wrong with this question, the next one may be asked.
        heard = self._heard
        try:
            heard = Heard(answer=self._question())
        except NothingCame as problem:
            heard = Heard(problem=problem)
        finally:
            with self._lock:
                self._heard, self._heard_at, self._asking = heard, time.monotonic(), None


class Enquiries:
    """What the pages ask of scanners. One for a server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._devices: Enquiry[Sequence[Device]] = Enquiry(scanners.devices)
        self._options: dict[str, Enquiry[Options]] = {}

    def devices(self, *, anew: bool = False, wait: float = 0.0) -> Heard[Sequence[Device]]:
        """The scanners there are."""
        return self._devices.hear(anew=anew, wait=wait)

    def options(self, device: str, *, wait: float = 0.0) -> Heard[Options]:
        """What a scanner of the list can do."""
        with self._lock:
            if device not in self._options:
                self._options[device] = Enquiry(partial(scanners.options, device))
        return self._options[device].hear(wait=wait)

    def device(self, name: str) -> Device:
        """The scanner of that name; any other name is refused, so that nothing else is opened.

        Raises:
            NoScanner: there is none at all.
            NoSuchScanner: this one is not in the list.
            NothingCame: the list cannot be made.
        """
        known = self.devices()
        if known.answer is None:
            known = self.devices(wait=WAIT_SECONDS)
        return chosen(_said(known), name)

    def offered(self, name: str) -> Options:
        """What the scanner of that name can do, waited for. Raises as `device` does."""
        device = self.device(name)
        # Also for a thread that asks just now: the scanner is in its hands.
        return _said(self.options(device.name, wait=WAIT_SECONDS))


def chosen(devices: Sequence[Device], name: str) -> Device:
    """The device of that name, or the first one if none is named."""
    if not devices:
        raise NoScanner
    found = devices[0] if not name else next((one for one in devices if one.name == name), None)
    if found is None:
        raise NoSuchScanner(device=name)
    return found


def _said(heard: Heard[Answer]) -> Answer:
    if heard.problem is not None:
        raise heard.problem
    if heard.answer is None:
        raise NoScanner
    return heard.answer
