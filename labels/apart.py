"""Photos that strangers may send are looked through in a process of their own.

What a picture's decoder can be made to do then ends that process, not the server. It starts anew
for each photo: that costs a fraction of a second and leaves nothing behind.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore

from labels.decode import Found, PictureTooLarge, UnreadablePicture, decode
from labels.refusals import N_, Refusal

SECONDS = 30
MEGABYTES = 2_000
AT_ONCE = 2
NICENESS = 10  # Pages come first.
HOUSE = Path(__file__).parents[1]
REFUSALS = {kind.__name__: kind for kind in (UnreadablePicture, PictureTooLarge)}
_places = BoundedSemaphore(AT_ONCE)


class PictureTooHard(Refusal):
    """Looking through it took more time or memory than any photo needs."""

    text = N_(
        "This picture could not be looked through: take the photo again, at a lower resolution."
    )


def decode_apart(
    picture: bytes, *, seconds: int = SECONDS, megabytes: int = MEGABYTES
) -> list[Found]:
    """`decode` in a process that is ended after so many seconds, or when it wants more memory.

    Raises UnreadablePicture, PictureTooLarge and PictureTooHard.
    """
    call = [sys.executable, "-m", "labels.apart", str(seconds), str(megabytes)]
    with _places:
        try:
            ended = subprocess.run(  # noqa: S603 - nothing of the call comes from outside
                call, input=picture, stdout=subprocess.PIPE, cwd=HOUSE, timeout=seconds, check=True
            )
        except subprocess.SubprocessError as error:
            raise PictureTooHard from error
    told = json.loads(ended.stdout)
    if refusal := REFUSALS.get(told["refusal"]):
        raise refusal(**told["params"])
    return [_found(**one) for one in told["found"]]


def _found(text: str, position: list[tuple[int, int]], kind: str) -> Found:
    return Found(text, tuple((x, y) for x, y in position), kind)


def _serve(seconds: int, megabytes: int) -> None:
    """What the process does: a picture comes in, what it shows goes out as JSON."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000, megabytes * 1_000_000))
    told: dict[str, object] = {"refusal": "", "params": {}, "found": []}
    try:
        told["found"] = [asdict(one) for one in decode(sys.stdin.buffer.read())]
    except tuple(REFUSALS.values()) as refusal:
        told |= {"refusal": type(refusal).__name__, "params": refusal.params}
    except MemoryError:
        sys.exit(1)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _serve(*map(int, sys.argv[1:]))
