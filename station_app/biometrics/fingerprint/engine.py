"""The extractor: the stages one after another, and the enrolled form of their result."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from time import perf_counter

import numpy as np

from station_app.biometrics.fingerprint.chunk_content import chunk_content
from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.drawing import (
    draw_confidence,
    draw_foreground,
    draw_minutiae,
    list_minutiae,
)
from station_app.biometrics.fingerprint.encoding import BASIS_CHECKSUM, coded, shipped_basis
from station_app.biometrics.fingerprint.minutiae import (
    Minutiae,
    find_minutiae,
    nothing_found,
    pack_minutiae,
)
from station_app.biometrics.fingerprint.network import CHECKSUMS, Network
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters, TemplateParameters
from station_app.biometrics.fingerprint.quality import (
    coaching_hint,
    is_finger,
    station_quality,
)
from station_app.biometrics.fingerprint.ridges import look_at_ridges
from station_app.biometrics.fingerprint.segmentation import crop, find_foreground
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.fingerprint.trace import Trace
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FingerImage, Sample


def _digest(*made_with: object) -> str:
    """The first 8 hex digits of SHA-256 of everything that makes a template what it is."""
    return hashlib.sha256(json.dumps(made_with, sort_keys=True).encode()).hexdigest()[:8]


ENGINE = "leader-mcc/2." + _digest(CHECKSUMS, BASIS_CHECKSUM, asdict(TemplateParameters()))
"""Changes whenever encodings or minutiae stop being comparable with older ones.

The number is that of the algorithm; the digits after it those of the network, the basis and
the parameters a template was made with: others look right and compare wrongly.
"""


STATION_THREADS = 2
"""Threads of the network while a voter waits: half the wall time where a second core is free, no
loss where it is not (measured in ADR 0003). Enrolment and evaluation give each core an image."""


class FingerEngine:
    """Images to templates. Not safe for two threads at once; the matching lane owns it.

    `threads` is the number onnxruntime may use. Raises `KnownError("model_damaged")`.
    """

    name = ENGINE

    def __init__(self, threads: int = 1, parameters: Parameters = STANDARD) -> None:
        self.parameters = parameters
        self._network = Network(threads)
        self._basis = shipped_basis()

    def extract(self, image: FingerImage, trace: Trace | None = None) -> Template:
        """The template of one image; never fails on an image, however bad.

        An image without a finger has quality 0, hint NOT_A_FINGER and no minutiae. With `trace`
        every stage's output is written out. Raises `KnownError("trace_unwritable")`.
        """
        start = perf_counter()
        p = self.parameters
        pixels = at_working_ppi(image, p)
        found = find_foreground(pixels, p)
        ridges = look_at_ridges(pixels, found, p)
        minutiae = nothing_found()
        if is_finger(found, ridges):
            cut = crop(pixels, found, p)
            minutiae, confidence = find_minutiae(self._network, cut, found.left, found.top, p)
            if trace:
                trace.picture("crop", cut)
                trace.picture("confidence", draw_confidence(confidence))
        ordered, encoding = coded(minutiae, self._basis, p)
        quality = station_quality(found, ridges, minutiae, len(encoding))
        template = Template(
            minutiae=ordered,
            encoding=encoding,
            quality=quality,
            hint=coaching_hint(found, ridges, quality),
            extract_ms=(perf_counter() - start) * 1000,
        )
        if trace:
            trace.picture("foreground", draw_foreground(pixels, found, ridges, p))
            trace.picture("minutiae", draw_minutiae(pixels, template))
            trace.numbers("template", list_minutiae(template, ridges))
            cylinders = make_cylinders([minutiae], p)
            trace.arrays(
                "cylinders",
                values=cylinders.values[0],
                valid=cylinders.valid[0],
                encoding=encoding,
            )
        return template

    def enrol(
        self, sample: Sample, position: FingerPosition = FingerPosition.UNKNOWN
    ) -> EnrolledTemplate:
        """The list's content for one enrolment image of a finger.

        Raises `KnownError("not_enrollable")` when there is too little to compare later.
        """
        assert isinstance(sample, FingerImage)
        return self.enrolled(self.extract(sample), position)

    def enrol_minutiae(
        self,
        minutiae: Minutiae,
        position: FingerPosition = FingerPosition.UNKNOWN,
        quality: int = 0,
    ) -> EnrolledTemplate:
        """The list's content for minutiae found by another system, without an image.

        `minutiae` at the working ppi, most confident first (`biometrics.interchange`);
        `quality` 0..100 as that system states it. Raises `KnownError("not_enrollable")`.
        """
        return self.enrolled(self.template_of(minutiae, quality), position)

    def template_of(self, minutiae: Minutiae, quality: int = 0) -> Template:
        """The template of minutiae found by another system; see `enrol_minutiae`."""
        start = perf_counter()
        ordered, encoding = coded(minutiae, self._basis, self.parameters)
        return Template(
            minutiae=ordered,
            encoding=encoding,
            quality=quality,
            hint=None,
            extract_ms=(perf_counter() - start) * 1000,
        )

    def enrolled(
        self, template: Template, position: FingerPosition = FingerPosition.UNKNOWN
    ) -> EnrolledTemplate:
        """The stored form of a template. Raises `KnownError("not_enrollable")`."""
        if len(template.encoding) < self.parameters.min_cylinders:
            raise KnownError(
                Code.NOT_ENROLLABLE,
                f"There are {len(template.encoding)} usable minutiae, "
                f"{self.parameters.min_cylinders} are needed; take a clearer image of this "
                "finger or enrol another one.",
            )
        return EnrolledTemplate(
            engine=self.name,
            position=position,
            quality=template.quality,
            content=pack_minutiae(template.minutiae),
            encoding=template.encoding.tobytes(),
        )


def pack(
    fingers: Iterable[tuple[int, EnrolledTemplate]], chunk: int = 256
) -> Iterator[GalleryChunk]:
    """(row, finger) pairs in list order to chunks of `chunk` fingers, made by `ENGINE`.

    Raises `KnownError("template_engine")` for a finger another engine or version made.
    """
    waiting: list[tuple[int, EnrolledTemplate]] = []
    for pair in fingers:
        if pair[1].engine != ENGINE:
            raise KnownError(
                Code.TEMPLATE_ENGINE,
                f"A stored finger was made by the engine {pair[1].engine}, this program has "
                f"{ENGINE}; the two cannot be compared. Enrol the finger again from its image.",
            )
        waiting.append(pair)
        if len(waiting) == chunk:
            yield _chunk_of(waiting)
            waiting = []
    if waiting:
        yield _chunk_of(waiting)


def _chunk_of(fingers: Sequence[tuple[int, EnrolledTemplate]]) -> GalleryChunk:
    lengths = [len(finger.encoding) // STANDARD.code_size for _, finger in fingers]
    return GalleryChunk(
        engine=ENGINE,
        rows=np.array([row for row, _ in fingers], "<i4").tobytes(),
        content=chunk_content(
            bytes(finger.position for _, finger in fingers),
            bytes(lengths),
            b"".join(finger.encoding for _, finger in fingers),
        ),
    )
