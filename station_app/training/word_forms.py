"""Lines of words in a lesson: the first word names a class, the others fill its fields."""

from dataclasses import MISSING, Field, fields
from enum import Enum, StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar, get_args, get_origin, get_type_hints

from station_app.domain.fingers import FingerPosition

FormT = TypeVar("FormT")

REST: Final = "rest"
"""`Annotated[str, REST]`: the words to the end of the line."""
PERSON: Final = "person"
"""`Annotated[str, PERSON]`: somebody of the lesson's people."""

_LARGEST: Final = 99_999
_MOST_DIGITS: Final = len(str(_LARGEST))


class WordFormError(ValueError):
    """A line that no form fits; the message is a sentence for its author."""


class WordForms(Generic[FormT]):
    """The table of one kind of line; a form's name is one word or two.

    A form is a frozen dataclass. Its fields are fingers, enums, whole numbers and the two
    annotated texts above, those with a default last.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._forms: dict[str, type[Any]] = {}
        self._names: dict[type[Any], str] = {}

    def add(self, name: str, form: type[Any]) -> None:
        """Take a form under its name."""
        assert name not in self._forms, f"{name} is there twice"
        self._forms[name], self._names[form] = form, name

    @property
    def forms(self) -> dict[str, type[FormT]]:
        """Every form by its name, in the order of the table."""
        return dict(self._forms)

    def name_of(self, line: object) -> str:
        """The name of a line's form."""
        return self._names[type(line)]

    def read(self, text: str) -> FormT:
        """The line that these words are.

        Raises `WordFormError`.
        """
        words = text.split()
        if not words:
            raise WordFormError(f"{self._kind} is missing here")
        for taken in (2, 1):
            form = self._forms.get(" ".join(words[:taken]))
            if form is not None and len(words) >= taken:
                found: FormT = form(**_values(form, self._usage(form), words[taken:]))
                return found
        known = ", ".join(self._forms)
        raise WordFormError(f"there is no {self._kind} {shown_word(words[0])}; there are: {known}")

    def people_in(self, line: FormT) -> tuple[str, ...]:
        """The names of the lesson's people in it."""
        kinds = get_type_hints(type(line), include_extras=True)
        named = (one.name for one in _arguments(type(line)) if _note(kinds[one.name]) == PERSON)
        return tuple(getattr(line, name) for name in named)

    def _usage(self, form: type[Any]) -> str:
        words = [
            one.name.upper() if one.default is MISSING else f"[{one.name.upper()}]"
            for one in _arguments(form)
        ]
        return " ".join([self._names[form], *words])


def _arguments(form: type[Any]) -> list[Field[Any]]:
    return [one for one in fields(form) if one.init]


def _values(form: type[Any], usage: str, words: list[str]) -> dict[str, Any]:
    kinds = get_type_hints(form, include_extras=True)
    left, values = list(words), dict[str, Any]()
    for one in _arguments(form):
        if not left:
            if one.default is MISSING:
                raise WordFormError(f"{one.name} is missing: write {usage}")
            continue
        if _note(kinds[one.name]) == REST:
            values[one.name], left = " ".join(left), []
        else:
            values[one.name] = _value(kinds[one.name], left.pop(0))
    if left:
        raise WordFormError(f"{shown_word(left[0])} is too much: write {usage}")
    return values


def _note(kind: Any) -> str:
    return get_args(kind)[1] if get_origin(kind) is Annotated else ""


def _value(kind: Any, word: str) -> Any:
    if kind is int:
        if not (word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS):
            raise WordFormError(f"{shown_word(word)} is no whole number of 0 to {_LARGEST}")
        return int(word)
    if isinstance(kind, type) and issubclass(kind, Enum):
        known = _choices(kind)
        if word not in known:
            raise WordFormError(f"{shown_word(word)} is none of: {', '.join(known)}")
        return known[word]
    return word


def _choices(kind: type[Enum]) -> dict[str, Enum]:
    if issubclass(kind, StrEnum):
        return {one.value: one for one in kind}
    return {one.name.lower(): one for one in kind if one is not FingerPosition.UNKNOWN}


def shown_word(word: str) -> str:
    """A word of the file as it can be shown."""
    whole = word if len(word) <= 24 else f"{word[:24]}…"
    return f"«{''.join(one if one.isprintable() else '?' for one in whole)}»"
