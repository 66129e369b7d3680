"""Throws damaged files at the readers of foreign files, and says how they took it.

    pip install atheris && python scripts/fuzz_records.py records|wsq RUNS

`records`: ISO/IEC 19794-2, both editions; what is accepted must come out as the same bytes
and be describable. `wsq`: the check of the segments, then decoding. Seeds are small sound
files; atheris (libFuzzer) changes them, guided by coverage. Anything but a record, an image
or the reader's one error stops the run and leaves the input in the working folder.
"""

import random
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import process_time

import atheris

INSTRUMENTED = ["interchange", "wsq", "wsq_wavelet"]

with atheris.instrument_imports(
    include=[f"station_app.biometrics.{name}" for name in INSTRUMENTED]
):
    from station_app.biometrics.interchange import (
        Edition,
        FingerMinutiaeRecord,
        RecordMinutia,
        Representation,
        record_bytes,
        record_from,
    )
    from station_app.biometrics.interchange.description import describe
    from station_app.biometrics.interchange.records import Certification, MinutiaKind, QualityBlock
    from station_app.biometrics.wsq import decode_wsq, wsq_size
    from station_app.domain.errors import KnownError
    from station_app.domain.fingers import FingerPosition

SAMPLES = Path(__file__).parents[1] / "tests" / "biometrics" / "samples"
SOUND = [path.read_bytes() for path in sorted(SAMPLES.glob("*.wsq"))]
LONGEST = {"records": 4096, "wsq": 16384}
MOST_PIXELS = 512 * 512  # a run decodes whatever is small; the size check refuses the rest


def one_record(data: bytes) -> str:
    """Read, describe, write; the answer's name."""
    try:
        record = record_from(data)
    except KnownError as refusal:
        return refusal.code
    describe(record)
    if record_bytes(record) != data:
        raise AssertionError("the record was written with other bytes")
    return f"accepted, edition {record.edition}"


def one_wsq(data: bytes) -> str:
    """Check, then decode; the answer's name."""
    try:
        width, height = wsq_size(data)
    except ValueError:
        return "refused by the check"
    if width * height > MOST_PIXELS:
        return "too large"
    try:
        pixels = decode_wsq(data)
    except ValueError:
        return "refused by the decoder"
    if pixels.shape != (height, width):
        raise AssertionError("the image has another size than its header says")
    return "decoded"


def seed_records() -> list[bytes]:
    """Both editions, with every optional part and without."""
    rows = tuple(
        RecordMinutia(MinutiaKind(i % 3), 20 + 9 * i, 200 - 7 * i, 11 * i, 50 + i)
        for i in range(16)
    )
    plain = Representation(
        FingerPosition.LEFT_INDEX, 0, 0, 300, 400, 197, 197, (QualityBlock(60),), rows
    )
    areas = b"\x00\x01\x00\x08\x00\x01\x02\x03" + b"\x00\x02\x00\x05\x00"
    whole = Representation(
        FingerPosition.RIGHT_THUMB,
        1,
        8,
        300,
        400,
        197,
        197,
        (QualityBlock(60, 1, 2), QualityBlock(255)),
        rows[:3],
        areas,
        certifications=(Certification(7, 1),),
    )
    return [
        record_bytes(FingerMinutiaeRecord(Edition.E2005, (plain,))),
        record_bytes(FingerMinutiaeRecord(Edition.E2011, (plain,))),
        record_bytes(FingerMinutiaeRecord(Edition.E2011, (plain, whole), True)),
    ]


def with_true_lengths(data: bytes, most: int, seed: int) -> bytes:
    """libFuzzer's change of a record, its lengths put right in half of the cases.

    Otherwise nearly all changes end at the length, and what lies behind is not reached.
    """
    changed = bytearray(atheris.Mutate(data, most))
    if seed % 2 and len(changed) > 19:
        changed[8:12] = len(changed).to_bytes(4, "big")
        if changed.startswith(b"FMR\x00030\0") and changed[12:14] == b"\0\x01":
            changed[15:19] = (len(changed) - 15).to_bytes(4, "big")
    return bytes(changed)


def with_few_changes(data: bytes, most: int, seed: int) -> bytes:
    """libFuzzer's change, in half of the cases of a sound file again and of few bytes.

    Otherwise nearly all inputs fill the image wrongly, and the wavelets are not reached.
    """
    if seed % 2:
        return bytes(atheris.Mutate(data, most))
    chance = random.Random(seed)
    changed = bytearray(chance.choice(SOUND))
    for _ in range(chance.randint(1, 3)):
        changed[chance.randrange(600)] = chance.randrange(256)
    return bytes(changed)


def fuzz(target: str, runs: int) -> None:
    """Run `runs` inputs and print the figures at every tenth of them."""
    one: Callable[[bytes], str] = {"records": one_record, "wsq": one_wsq}[target]
    answers: Counter[str] = Counter()
    slowest = 0.0

    def run(data: bytes) -> None:
        nonlocal slowest
        start = process_time()
        answers[one(data)] += 1
        slowest = max(slowest, process_time() - start)
        done = answers.total()
        if done % max(1, runs // 10) == 0:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{done} inputs, none crashed, slowest {slowest * 1000:.0f} ms of CPU, "
                f"at most {memory:.0f} MB resident: {dict(answers)}",
                flush=True,
            )

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seed_records() if target == "records" else SOUND):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [f"-runs={runs}", f"-max_len={LONGEST[target]}", "-timeout=20", "-verbosity=0"]
        mutate = {"records": with_true_lengths, "wsq": with_few_changes}[target]
        atheris.Setup([sys.argv[0], corpus, *options], run, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]))
