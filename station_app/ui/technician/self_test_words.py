"""The self-test's findings in words."""

from datetime import datetime

from station_app.ui.technician.self_test import (
    CardState,
    CardView,
    Fact,
    Minutes,
    SelfTestView,
    Size,
)
from station_app.ui.texts import Texts
from station_app.ui.widgets.tags import Tone
from station_app.ui.words import fault_lines

TONES = {
    CardState.UNTESTED: Tone.OPEN,
    CardState.RUNNING: Tone.OPEN,
    CardState.ASKING: Tone.OPEN,
    CardState.PASSED: Tone.GOOD,
    CardState.ATTENTION: Tone.ATTENTION,
    CardState.FAILED: Tone.BAD,
}


def card_line(texts: Texts, card: CardView) -> str:
    """What a card says below its name."""
    if not card.code:
        return texts(f"test.what.{card.key.value}")
    if _is_fault(texts, card):
        return fault_lines(texts, card.code)[0]
    return _filled(texts, f"test.found.{card.code}", card)


def card_advice(texts: Texts, card: CardView) -> str:
    """What to do about a card that did not pass."""
    if _is_fault(texts, card):
        return fault_lines(texts, card.code)[1]
    return texts(f"test.advice.{card.code.removesuffix('_left')}")


def verdict(texts: Texts, view: SelfTestView) -> str:
    """The one sentence over all cards."""
    if view.to_fix:
        return texts("test.verdict.fix", number=view.to_fix)
    if view.left:
        return texts("test.verdict.left", number=view.left)
    if attention := view.count(CardState.ATTENTION):
        return texts("test.verdict.attention", number=attention)
    return texts("test.verdict.ready")


def _is_fault(texts: Texts, card: CardView) -> bool:
    return card.state is CardState.FAILED and f"test.found.{card.code}" not in texts


def _filled(texts: Texts, key: str, card: CardView) -> str:
    return texts(key, **{name: _shown(texts, fact) for name, fact in (card.facts or {}).items()})


def _shown(texts: Texts, fact: Fact) -> str:
    match fact:
        case datetime():
            return f"{texts.date(fact)} {texts.time(fact)}"
        case Size(octets=octets):
            return texts.size(octets)
        case Minutes(minutes=minutes):
            return texts.duration(minutes)
        case int():
            return texts.number(fact)
        case _:
            return fact
