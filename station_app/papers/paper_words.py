"""The words of one language: gettext catalogues whose message ids are keys.

English is a catalogue like the others. Numbers and dates are written here too, so that neither
paper nor screen formats anything on its own.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Final

from station_app.languages import language_of

NO_BREAK_SPACE: Final = "\u00a0"
_HELP_LINES: Final = 2
_ENTRY: Final = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|\Z))+)', re.MULTILINE)


@cache
def catalogue(language: str, audience: str) -> dict[str, str]:
    """Key to text of one language for one audience. Raises `KeyError` of an unknown language."""
    entries = _ENTRY.findall(language_of(language).catalogue(audience).decode())
    return {_joined(key): _joined(text) for key, text in entries if _joined(key)}


def _joined(lines: str) -> str:
    # What PO files escape is escaped alike in JSON. Babel's reader takes 20 times as long.
    return "".join(map(json.loads, lines.splitlines()))


class Words:
    """The words of one language for some audiences; `record` is the language's own."""

    def __init__(self, language: str, *audiences: str) -> None:
        self.record = language_of(language)
        self._texts = {
            key: text for one in audiences for key, text in catalogue(language, one).items()
        }

    @property
    def language(self) -> str:
        """The language's code."""
        return self.record.code

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of `key` with its placeholders filled; raises `KeyError` if absent."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._texts

    @property
    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def help_lines(self, screen: str) -> tuple[str, ...] | None:
        """The help of one screen or fault code as its lines, None where there is no page."""
        return self.record.help_lines(screen)

    def reason(self, code: str, facts: Mapping[str, str | int]) -> str:
        """Why a station is not ready and what to do; for unknown codes, whom to call."""
        if f"reason.{code}" in self._texts:
            return self(f"reason.{code}", **facts)
        lines = self.help_lines(code)
        if lines is None:
            return self("reason.other")
        return " ".join(f"{line.rstrip('.')}." for line in lines[:_HELP_LINES])

    def number(self, value: int) -> str:
        """Grouped by language: 2 318 with a no-break space, in English 2,318."""
        return f"{value:,}".replace(",", self.record.thousands)

    def percent(self, part: float, whole: float = 1) -> str:
        """A share with one decimal: 11,3 % with a no-break space, in English 11.3%."""
        share = 100 * part / whole if whole else 0.0
        number = f"{share:.1f}".replace(".", self.record.decimal)
        return self.record.percent.format(number=number)

    def date(self, moment: datetime) -> str:
        """A local date: 27.11.2026, in English 27 Nov 2026."""
        return self._dated(moment, self.record.date)

    def _dated(self, moment: datetime, pattern: str) -> str:
        # No desk shows a date before somebody asks for one.
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(moment, pattern, locale=self.record.locale)

    def moment(self, at: datetime) -> str:
        """A time with its date on one line, as the clock of this machine says it."""
        local = at.astimezone()
        return f"{self.date(local)} {local:%H:%M}".replace(" ", NO_BREAK_SPACE)


@cache
def words_of(language: str, audience: str = "papers") -> Words:
    """The words of a language on papers, or on slips (`slip`)."""
    return Words(language, audience)
