"""What makes a class a kind of entry: a frozen dataclass whose fields say what they hold.

```
@entry("clock_changed", by="station", disposition="notice")
class ClockChanged(Entry):
    \"\"\"The clock is behind the entry before it.\"\"\"

    back_ms: Annotated[int, "milliseconds by which it went back, more than 0"]
```
A field holds a str, int, bool or a member of an enum, or `| None` where there may be nothing. A
field with the default None was added to its kind later and is missing in entries of an older
version: an entry has all added fields of its kind, or none. Rules over several fields raise
`ValueError` in `__post_init__`. The JSON form, `docs/events.md` and the fields of imported events
are derived from the class.

An entry with a field `session` is told in the story of that session, one with a field `entry` in
the story of the identification (or of the act, `day_acts`) it names, one with a field `stopped` in
that of the stop. Its words are `story.<kind>` in the catalogues and, for an incident,
`paper.incident.<kind>`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from types import NoneType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    Protocol,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

Cause = Literal["station", "operator", "commission", "technician"]
Disposition = Literal["success", "failure", "refusal", "notice"]
"""As in VVSG 2.0, 15.1-D."""

_LARGEST: Final = 2**53 - 1
"""The largest whole number of RFC 8785."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: what it `says`, and the values that it `holds` (None if `is_optional`).

    `plain` has the types of values that JSON has too, `members` an enum's members by their values.
    """

    name: str
    says: str
    holds: type
    is_optional: bool
    is_added: bool
    plain: frozenset[type]
    members: Mapping[object, Enum]

    def read(self, raw: Any) -> Any:
        """What `raw` stands for in JSON. Raises `ValueError` for a value of another type."""
        cls = type(raw)
        if cls in self.plain and (cls is not int or -_LARGEST <= raw <= _LARGEST):
            return raw
        # A bool is an int to Python, not to an entry.
        if cls in (int, str) and raw in self.members:
            return self.members[raw]
        raise ValueError("a field has a value of another type")


@dataclass(frozen=True, slots=True)
class Kind:
    """Who causes entries of a kind, their disposition, and their fields by name.

    `incident` names the field that the day's protocol tells of each, empty for kinds that it does
    not name one by one. `added` are the fields that entries of an older version lack.
    """

    by: Cause
    disposition: Disposition
    incident: str
    fields: Mapping[str, Field]
    added: frozenset[str]

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields' values, from those of a JSON object without `kind` and `at`.

        Raises `ValueError` for fields of another kind and for values of other types.
        """
        names = values.keys()
        if names != self.fields.keys() and names != self.fields.keys() - self.added:
            raise ValueError("its fields are not those of its kind")
        read = {name: self.fields[name].read(raw) for name, raw in values.items()}
        if any(values[name] is None for name in names & self.added):
            raise ValueError("a field has a value of another type")
        return read


class _Kind(Protocol):
    kind: ClassVar[str]
    about: ClassVar[Kind]
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Made = TypeVar("_Made", bound=_Kind)


@dataclass_transform(frozen_default=True)
def entry(
    kind: str, *, by: Cause, disposition: Disposition, incident: str = ""
) -> Callable[[type[_Made]], type[_Made]]:
    """Make a class the entries of a kind. Raises `TypeError` for a field that cannot be one."""

    def make(cls: type[_Made]) -> type[_Made]:
        made = dataclass(frozen=True, slots=True)(cls)
        hints = get_type_hints(made, include_extras=True)
        own = {one.name: _field(one.name, hints[one.name], one.default) for one in fields(made)}
        if incident and incident not in own:
            raise TypeError(f"{kind}: an incident is told by one of its fields")
        added = frozenset(name for name, one in own.items() if one.is_added)
        made.kind, made.about = kind, Kind(by, disposition, incident, own, added)
        return made

    return make


def _field(name: str, hint: Any, default: object) -> Field:
    said, *texts = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    types = set(get_args(said) or (said,))
    held = types - {NoneType}
    is_optional, is_added = NoneType in types, default is None
    if len(texts) != 1 or len(held) != 1:
        raise TypeError(f"{name}: Annotated[type, what it is]")
    if default not in (MISSING, None) or (is_added and not is_optional):
        raise TypeError(f"{name}: an added field is optional, and its default None")
    holds = held.pop()
    members: dict[object, Enum] = {}
    if issubclass(holds, Enum):
        members = {member.value: member for member in holds}
    elif holds not in (str, int, bool):
        raise TypeError(f"{name}: an entry holds texts, whole numbers, codes, true and false")
    plain = frozenset(types - {holds} if members else types)
    return Field(name, texts[0], holds, is_optional, is_added, plain, members)
