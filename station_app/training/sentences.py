"""Sentences without a language: a key of the catalogue with its values, or a trainer's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

ANY_LANGUAGE: Final = ""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of the catalogue `key` with the placeholders `values`, or else a trainer's `texts`.

    A value that is a sentence is put into words first. `texts` are by language code;
    `ANY_LANGUAGE` is the one for all others. Whoever shows a sentence asks for `written` first.
    """

    key: str
    values: "Mapping[str, str | int | Sentence]" = field(default_factory=lambda: _NOTHING)
    texts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def written(self, language: str) -> str:
        """The trainer's words, in another language where this one is missing; empty for none."""
        texts = self.texts
        return texts.get(language) or texts.get(ANY_LANGUAGE) or next(iter(texts.values()), "")
