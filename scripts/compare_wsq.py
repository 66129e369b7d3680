"""Our WSQ decoder beside NIST's: the figures of ADR 0008.

    pip install wsq && python scripts/compare_wsq.py FOLDER [DAMAGED]

Every image of FOLDER is encoded by NIST's code (package wsq) and decoded by both. Then
DAMAGED copies of the first one, with 1 to 16 bytes changed, are given to both decoders, each
in a process of its own, and how the processes end is counted.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import process_time

import _wsq
import numpy as np

from station_app.biometrics.images import IMAGE_ENDINGS, read_finger_image
from station_app.biometrics.wsq import decode_wsq

BIT_RATE = 0.75  # what law enforcement uses; about 15 to 1


def compare(files: list[Path]) -> bytes:
    """Print how far both decoders are apart; the first file's WSQ."""
    worst, unequal, pixels = 0, 0, 0
    ours_ms, theirs_ms = [], []
    first = b""
    for file in files:
        image = read_finger_image(file)
        coded = _wsq.compress(image.pixels, image.height, image.width, BIT_RATE)
        first = first or coded
        start = process_time()
        ours = decode_wsq(coded)
        ours_ms.append(1000 * (process_time() - start))
        start = process_time()
        theirs, *_ = _wsq.decompress(coded)
        theirs_ms.append(1000 * (process_time() - start))
        apart = np.abs(ours.ravel().astype(int) - np.frombuffer(theirs, np.uint8))
        worst = max(worst, int(apart.max()))
        unequal += int(np.count_nonzero(apart))
        pixels += apart.size
    print(
        f"{len(files)} images: at most {worst} grey level apart, in {unequal} of {pixels} pixels; "
        f"median CPU {np.median(ours_ms):.1f} ms, NIST's {np.median(theirs_ms):.1f} ms"
    )
    return first


def ends(decode: Callable[[bytes], object], data: bytes) -> str:
    """How a process ends that decodes `data`."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            decode(data)
        except Exception:  # NIST's wrapper raises nothing narrower
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}"
    return "refused" if os.WEXITSTATUS(status) else "decoded"


def damage(sound: bytes, count: int) -> None:
    """Print how both decoders take damaged copies of one file."""
    chance = random.Random(1)
    answers: dict[str, Counter[str]] = {"ours": Counter(), "NIST's": Counter()}
    for _ in range(count):
        data = bytearray(sound)
        for _ in range(chance.choice([1, 1, 2, 4, 16])):
            # Half of the changes fall into the tables at the beginning.
            place = chance.randrange(len(data) if chance.random() < 0.5 else 600)
            data[place] = chance.randrange(256)
        answers["ours"][ends(decode_wsq, bytes(data))] += 1
        answers["NIST's"][ends(_wsq.decompress, bytes(data))] += 1
    for name, counted in answers.items():
        print(f"{count} damaged files, {name}: {dict(counted)}")


if __name__ == "__main__":
    found = sorted(
        path for path in Path(sys.argv[1]).iterdir() if path.suffix.lower() in IMAGE_ENDINGS
    )
    damage(compare(found), int(sys.argv[2]) if len(sys.argv) > 2 else 3000)
