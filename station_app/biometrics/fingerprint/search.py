"""One image against the list: prefilter over all, a close look at the best, evidence."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.calibration import evidence
from station_app.biometrics.fingerprint.close_look import comparison_scores, support_of
from station_app.biometrics.fingerprint.comparable import Comparables, comparables
from station_app.biometrics.fingerprint.engine import ENGINE, STATION_THREADS, FingerEngine
from station_app.biometrics.fingerprint.gallery import Fetch, Gallery
from station_app.biometrics.fingerprint.meetings import only_rows, strongest
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.biometrics.fingerprint.second_look import turned
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.fingerprint.trace import Trace
from station_app.domain.decision import identify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import TemplateStore
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import Policy
from station_app.domain.samples import Finger, FingerImage, Sample, position_of

TRIED = 3
"""Enough to find parts that were mixed up as a whole; every byte is checked elsewhere."""


class Searcher:
    """Compares images with one gallery; always with all of it.

    `fetch` reads minutiae records of the few fingers looked at closely. One thread at a
    time: the matching lane owns it.
    """

    def __init__(self, engine: FingerEngine, gallery: Gallery, fetch: Fetch) -> None:
        self.engine = engine.name
        self._engine, self._gallery, self._fetch = engine, gallery, fetch
        self._p = engine.parameters

    def examine(
        self,
        sample: Sample,
        named_row: int | None = None,
        limit: int = 10,
        trace: Trace | None = None,
    ) -> Examination:
        """Quality, hint and candidates of one finger's image.

        At most `limit` candidates, the best finger of each voter; the voter in `named_row`
        is always among them if they have fingers in the list, whatever the evidence.
        Raises `KnownError("gallery_damaged")` when the list lacks a finger it names.
        """
        assert isinstance(sample, FingerImage)
        template = self._engine.extract(sample, trace)
        start = perf_counter()
        candidates = self.candidates(template, named_row, limit)
        search_ms = (perf_counter() - start) * 1000
        if trace:
            trace.numbers("candidates", {"candidates": [_as_numbers(c) for c in candidates]})
        return Examination(
            quality=template.quality,
            hint=template.hint,
            candidates=candidates,
            fingers_compared=len(self._gallery) if template.comparable else 0,
            extract_ms=template.extract_ms,
            search_ms=search_ms,
        )

    def candidates(
        self, template: Template, named_row: int | None = None, limit: int = 10
    ) -> tuple[Candidate, ...]:
        """The candidates of a template, strongest evidence first, one per voter.

        The prefilter does not find a print that lies upside down. Without a clear candidate the
        list is searched once more with the probe turned by half a turn. That gives chance a
        second go: a decade is taken off its evidence, and both together let in at most a
        tenth more than the first alone.
        """
        if not template.comparable or len(self._gallery) == 0:
            return ()
        found = self._looked_at(template, named_row)
        if max(one.evidence for one in found) < self._p.stands_out:
            other_way = self._looked_at(turned(template, 180.0), named_row)
            price = self._p.upside_down
            found += [replace(c, evidence=max(0.0, c.evidence - price)) for c in other_way]
        found.sort(key=lambda one: -one.evidence)
        by_voter: dict[int, Candidate] = {}
        for one in found:
            by_voter.setdefault(one.row, one)
        ranked = list(by_voter.values())
        kept = ranked[:limit]
        kept += [c for c in ranked[limit:] if c.row == named_row]
        return tuple(kept)

    def finds_its_own(self) -> bool:
        """Whether fingers from all over the list are found where they are enrolled.

        In each of `TRIED` equal parts the finger with the most codes is tried: its codes are made
        anew from its stored minutiae, so that minutiae, codes and rows must belong together. No
        other voter may have stronger evidence (an equal one may: two voters can share a finger).
        A list without fingers has nothing to try. Raises `KnownError` `gallery_damaged`,
        `minutiae_damaged`.
        """
        parts = np.array_split(np.arange(len(self._gallery)), TRIED)
        counts = self._gallery.counts
        return all(self._finds(int(part[np.argmax(counts[part])])) for part in parts if len(part))

    def _finds(self, finger: int) -> bool:
        row, _ = key = self._gallery.key(finger)
        minutiae = unpack_minutiae(self._fetch([key])[0])
        # A template has the minutiae with a code first; the engine wants the surest first.
        surest_first = np.argsort(-minutiae.confidences.astype(np.int32), kind="stable")
        found = self.candidates(self._engine.template_of(minutiae.picked(surest_first)))
        own = [one.evidence for one in found if one.row == row]
        return bool(own) and own[0] > 0 and own[0] >= found[0].evidence

    def meetings(
        self,
        keys: Collection[tuple[int, int]],
        before: TemplateStore,
        rows: Collection[int],
        policy: Policy,
    ) -> Iterator[tuple[tuple[int, int], int | None]]:
        """See `ListMatcher.meetings`."""
        own, fetch = self._gallery, partial(before.templates, self.engine)
        known = Gallery(only_rows(before.chunks(self.engine), rows), self.engine)
        chosen = [index for index in range(len(own)) if own.key(index) in keys]
        least = identify_threshold(len(chosen) * len(known), 1, policy)
        for index in chosen:
            met = strongest(own, self._fetch, index, known, fetch)
            yield own.key(index), None if met is None or met[1] < least else met[0]

    def _looked_at(self, template: Template, named_row: int | None) -> list[Candidate]:
        """The fingers most alike, and all of the named voter's, with their evidence."""
        p, size = self._p, len(self._gallery)
        count = p.rerank + round(p.rerank_share * size)
        chosen, _ = self._gallery.best(template.encoding, count)
        found = self._judged(template, np.sort(chosen), p.laid_on)
        if named_row is not None:
            found += self._judged(template, self._gallery.fingers_of(named_row), None)
        return found

    def _judged(
        self, template: Template, chosen: NDArray[np.intp], most: int | None
    ) -> list[Candidate]:
        others = self._stored(chosen)
        alone = template.alone(self._p)
        scores = comparison_scores(alone, others, self._p, most)
        strengths = evidence(scores, support_of(alone, others, self._p))
        rows, positions = self._gallery.rows[chosen], self._gallery.positions[chosen]
        return [
            Candidate(row, Finger(FingerPosition(position)), strength)
            for row, position, strength in zip(
                rows.tolist(), positions.tolist(), strengths.tolist(), strict=True
            )
        ]

    def _stored(self, chosen: NDArray[np.intp]) -> Comparables:
        rows, positions = self._gallery.rows[chosen], self._gallery.positions[chosen]
        wanted = list(zip(rows.tolist(), positions.tolist(), strict=True))
        records = self._fetch(wanted)
        codes = self._gallery.codes_of(chosen)
        if len(records) != len(wanted):
            raise _damaged("lacks fingers it names")
        minutiae = [unpack_minutiae(record) for record in records]
        if any(len(one) < len(own) for one, own in zip(minutiae, codes, strict=True)):
            raise _damaged("has fingers whose parts disagree")
        return comparables(list(zip(minutiae, codes, strict=True)), self._p)


def list_searcher(store: TemplateStore) -> Searcher:
    """The station's searcher over a list.

    Raises `KnownError` as `Gallery` and `FingerEngine` do.
    """
    with ThreadPoolExecutor(1) as beside:
        engine = beside.submit(FingerEngine, STATION_THREADS)
        gallery = Gallery(store.chunks(ENGINE), ENGINE)
        return Searcher(engine.result(), gallery, partial(store.templates, ENGINE))


def _damaged(what: str) -> KnownError:
    return KnownError(
        Code.GALLERY_DAMAGED, f"The voter list {what}; load the list again from its medium."
    )


def _as_numbers(candidate: Candidate) -> dict[str, float]:
    return {
        "row": candidate.row,
        "finger": int(position_of(candidate.met)),
        "evidence": round(candidate.evidence, 3),
    }
