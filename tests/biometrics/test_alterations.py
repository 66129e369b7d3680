from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.segmentation import find_foreground
from station_app.domain.samples import FingerImage
from station_app.evaluation.alterations import ALTERATIONS, Alteration, Subject

Impression = Callable[[int, int], FingerImage]
BY_NAME = {one.name: one for one in ALTERATIONS}


def changed(alteration: Alteration, impression: Impression) -> FingerImage:
    return alteration.change(Subject(impression(1, 2), impression(2, 1), np.random.default_rng(1)))


def area(image: FingerImage) -> int:
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    return int(find_foreground(pixels).blocks.sum())


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda one: one.name)
def test_every_alteration_changes_and_repeats(
    alteration: Alteration, impression: Impression
) -> None:
    once, again = changed(alteration, impression), changed(alteration, impression)
    assert once == again
    assert (once == impression(1, 2)) == (alteration.group == "none")


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(ALTERATIONS)


@pytest.mark.parametrize("place", ["middle", "tip", "side"])
def test_a_part_has_its_share_of_the_area(impression: Impression, place: str) -> None:
    whole = area(impression(1, 2))
    for share in (60, 40, 25):
        part = changed(BY_NAME[f"{share} %, {place}"], impression)
        assert area(part) / whole == pytest.approx(share / 100, abs=0.13)


def test_turning_cuts_nothing_off(impression: Impression) -> None:
    turned = changed(BY_NAME["+45 degrees"], impression)
    assert area(turned) == pytest.approx(area(impression(1, 2)), rel=0.1)
    upside_down = changed(BY_NAME["+180 degrees"], impression)
    pixels = np.frombuffer(impression(1, 2).pixels, np.uint8)
    assert np.abs(pixels[::-1].astype(int) - list(upside_down.pixels)).mean() < 1
