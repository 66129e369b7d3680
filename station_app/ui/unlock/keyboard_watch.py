"""Which letters the keyboard writes, and whether Caps Lock is on.

Qt knows neither on every desktop, so both are read from the keys that are pressed; no key
is kept. The lamp of Caps Lock tells it before the first key, where there is one.
"""

import unicodedata
from collections.abc import Callable
from enum import StrEnum


class Layout(StrEnum):
    """The letters a keyboard writes."""

    UNKNOWN = "unknown"
    LATIN = "latin"
    CYRILLIC = "cyrillic"


class KeyboardWatch:
    """`caps_lamp` tells whether the lamp is lit, None where there is none."""

    def __init__(self, caps_lamp: Callable[[], bool | None]) -> None:
        self._caps_lamp = caps_lamp
        self._caps_seen: bool | None = None
        self.layout = Layout.UNKNOWN

    @property
    def caps_lock(self) -> bool | None:
        """Whether Caps Lock is on; None while nobody knows."""
        lamp = self._caps_lamp()
        return self._caps_seen if lamp is None else lamp

    def typed(self, text: str, shift: bool) -> None:
        """A key was pressed. Text that is no single letter tells nothing."""
        if len(text) != 1 or not text.isalpha():
            return
        script = unicodedata.name(text, "").split(" ")[0].lower()
        if script in (Layout.LATIN, Layout.CYRILLIC):
            self.layout = Layout(script)
        if text.lower() != text.upper():
            self._caps_seen = text.isupper() is not shift
