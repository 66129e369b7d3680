"""The words of paper, in each language."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Final

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

NO_BREAK_SPACE: Final = "\u00a0"
_DATES: Final = {"ky": "dd.MM.y", "ru": "dd.MM.y", "en": "d MMM y"}
_HELP_LINES: Final = 2


class Words:
    """The words of one language (ky, ru or en) for one audience: papers or slip."""

    def __init__(self, language: str, audience: str = "papers") -> None:
        self.language = language
        self._folder = resources.files("station_app") / "content"
        data = (self._folder / "locale" / language / f"{audience}.po").read_bytes()
        messages = read_po(BytesIO(data), locale=language, abort_invalid=True)
        self._texts = {str(one.id): str(one.string) for one in messages if one.id}

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of `key` with its placeholders filled; raises `KeyError` if absent."""
        return self._texts[key].format(**values)

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._texts)

    def reason(self, code: str, facts: Mapping[str, str | int]) -> str:
        """Why a station is not ready and what to do; of unknown codes, whom to call."""
        if f"reason.{code}" in self._texts:
            return self(f"reason.{code}", **facts)
        page = self._folder / "help" / self.language / f"{code}.md"
        if not page.is_file():
            return self("reason.other")
        lines = page.read_text(encoding="utf-8").splitlines()[:_HELP_LINES]
        return " ".join(f"{line.removeprefix('- ').strip().rstrip('.')}." for line in lines)

    def number(self, value: int) -> str:
        """Grouped by language."""
        return format_decimal(value, locale=self.language)

    def percent(self, share: float) -> str:
        """A part of 1 with one decimal: 11,3 % with a no-break space, in English 11.3%."""
        text = format_decimal(round(100 * share, 1), format="0.0", locale=self.language)
        return f"{text}%" if self.language == "en" else f"{text}{NO_BREAK_SPACE}%"

    def __contains__(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._texts

    def moment(self, at: datetime) -> str:
        """A time with its date on one line, as the clock of this machine says it."""
        local = at.astimezone()
        day = format_date(local, _DATES[self.language], locale=self.language)
        return f"{day} {local:%H:%M}".replace(" ", NO_BREAK_SPACE)


@cache
def words_of(language: str, audience: str = "papers") -> Words:
    """The words of ky, ru or en on papers, or on slips (`slip`)."""
    return Words(language, audience)
