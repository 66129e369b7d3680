"""Which words belong to which finger, reason and meter."""

from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import Meters, RetryReason
from station_app.ui.texts import Texts


def finger_order(texts: Texts, finger: FingerPosition) -> str:
    """The order to place a finger: Place the right index finger."""
    return texts(f"finger.order.{finger.name.lower()}")


def finger_take(texts: Texts, finger: FingerPosition) -> str:
    """The line under TRY AGAIN: Take the right middle finger."""
    return texts(f"finger.take.{finger.name.lower()}")


def finger_name(texts: Texts, finger: FingerPosition) -> str:
    """The finger by its full name: Right index finger."""
    return texts(f"finger.name.{finger.name.lower()}")


def finger_short(texts: Texts, finger: FingerPosition) -> str:
    """The finger by its short name: Right middle."""
    return texts(f"finger.short.{finger.name.lower()}")


ACTIONS: dict[RetryReason, tuple[tuple[str, str], ...]] = {
    RetryReason.TOO_DRY: (
        ("ph.drop", "action.moisten"),
        ("ph.hand", "action.flat"),
        ("ph.arrow-fat-lines-down", "action.press"),
    ),
    RetryReason.TOO_WET: (
        ("ph.drop", "action.wipe_finger"),
        ("ph.eraser", "action.wipe_glass"),
        ("ph.arrow-fat-lines-down", "action.press"),
    ),
    RetryReason.OFF_CENTRE: (
        ("ph.crosshair-simple", "action.flat"),
        ("ph.arrow-fat-lines-down", "action.press"),
    ),
    RetryReason.TOO_LIGHT: (
        ("ph.arrow-fat-lines-down", "action.press"),
        ("ph.hand", "action.flat"),
    ),
    RetryReason.TOO_HARD: (
        ("ph.arrow-fat-lines-down", "action.press"),
        ("ph.hand", "action.flat"),
    ),
    RetryReason.SMEARED: (
        ("ph.arrow-fat-lines-down", "action.press"),
        ("ph.hand", "action.flat"),
        ("ph.eraser", "action.wipe_glass"),
    ),
    RetryReason.LIFTED_EARLY: (
        ("ph.arrow-clockwise", "action.lift_again"),
        ("ph.arrow-fat-lines-down", "action.press"),
    ),
    RetryReason.TWO_FINGERS: (
        ("ph.hand-pointing", "action.one_finger"),
        ("ph.hand", "action.flat"),
    ),
    RetryReason.NOT_A_FINGER: (
        ("ph.eraser", "action.wipe_glass"),
        ("ph.hand", "action.flat"),
        ("ph.arrow-fat-lines-down", "action.press"),
    ),
    RetryReason.NO_MATCH: (
        ("ph.hand-pointing", "action.other_finger"),
        ("ph.hand", "action.flat"),
        ("ph.arrow-fat-lines-down", "action.press"),
    ),
}
"""What to do about each reason, at most three things: icon and text key."""


def level_word(texts: Texts, level: int) -> str:
    """The word of a meter from 0 (bad) to 5 (good)."""
    if level >= 4:
        return texts("meter.good")
    return texts("meter.fair") if level >= 2 else texts("meter.poor")


def skin_word(texts: Texts, meters: Meters) -> str:
    """The skin in words: good, or which way and how far it is off."""
    slight = meters.skin >= 3
    if meters.skin_hint is RetryReason.TOO_DRY:
        return texts("meter.bit_dry") if slight else texts("meter.too_dry")
    if meters.skin_hint is RetryReason.TOO_WET:
        return texts("meter.bit_wet") if slight else texts("meter.too_wet")
    return level_word(texts, meters.skin)
