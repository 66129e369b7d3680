"""Write the entries' types and their documentation from the catalogue of events.

    python scripts/generate_events.py

A test fails when what it writes differs from what is committed.
"""

import textwrap
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
CATALOGUE: Final = ROOT / "station_app/domain/events.toml"
TYPES: Final = ROOT / "station_app/domain/entries.py"
DOCUMENT: Final = ROOT / "docs/events.md"

_DISPOSITIONS: Final = ("success", "failure", "refusal", "notice")
_CAUSES: Final = ("station", "operator", "commission", "technician")
_KNOWN: Final = {"says", "by", "disposition", "from_files", "check", "fields", "added"}
_OF_THE_IMPORT: Final = ("event_unread", "events_left_out")
"""Made while a file is imported; no line of it can be one."""
_PLAIN: Final = ("int", "str", "bool")
_OLDER: Final = "; None in an entry of an older version"
_MISSING: Final = " (missing in entries of an older version)"
_ELSEWHERE: Final = {
    "FingerPosition": "station_app.domain.fingers",
    "RetryReason": "station_app.domain.samples",
}


@dataclass(frozen=True)
class Field:
    """One field: `type` as in the catalogue, `int?` for optional ones.

    An `added` field is missing in entries that an older version wrote.
    """

    name: str
    type: str
    says: str
    added: bool = False

    @property
    def annotation(self) -> str:
        if self.added:
            return f"{self.type} | None"
        return f"{self.type[:-1]} | None" if self.type.endswith("?") else self.type

    @property
    def base_type(self) -> str:
        return self.type.rstrip("?")


@dataclass(frozen=True)
class Kind:
    """One kind of entry."""

    name: str
    says: str
    by: str
    disposition: str
    from_files: bool
    check: str
    fields: tuple[Field, ...]

    @property
    def class_name(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_"))


def read_catalogue(path: Path = CATALOGUE) -> tuple[Kind, ...]:
    """Every kind, in the order of the file. Raises `ValueError` for a slip of the pen."""
    kinds = []
    for name, table in tomllib.loads(path.read_text("utf-8")).items():
        if not {"says", "by", "disposition"} <= table.keys() <= _KNOWN:
            raise ValueError(f"{name}: says, by and disposition, and nothing unknown")
        if table["by"] not in _CAUSES or table["disposition"] not in _DISPOSITIONS:
            raise ValueError(f"{name}: by {_CAUSES}, disposition {_DISPOSITIONS}")
        fields = tuple(_field(name, *one) for one in table.get("fields", {}).items())
        fields += tuple(_added(name, *one) for one in table.get("added", {}).items())
        kinds.append(
            Kind(
                name,
                table["says"],
                table["by"],
                table["disposition"],
                table.get("from_files", False),
                table.get("check", ""),
                fields,
            )
        )
    return tuple(kinds)


def _field(kind: str, name: str, text: str) -> Field:
    type_, colon, says = text.partition(": ")
    if not colon or not says:
        raise ValueError(f'{kind}.{name}: "type: what it is"')
    return Field(name, type_, says)


def _added(kind: str, name: str, text: str) -> Field:
    field = _field(kind, name, text)
    if field.type.endswith("?"):
        raise ValueError(f"{kind}.{name}: an added field is optional already")
    return replace(field, added=True)


def types_module(kinds: tuple[Kind, ...]) -> str:
    """The Python module with one frozen dataclass a kind."""
    lines = [
        *_MODULE.splitlines(),
        "",
        "import re",
        "from dataclasses import dataclass",
        "from typing import ClassVar",
        "",
        *_imports(kinds),
        "",
        *_IMPORTED_EVENT,
    ]
    for kind in kinds:
        lines += ["", "", *_class(kind)]
    waiting = [kind for kind in kinds if kind.from_files and kind.name not in _OF_THE_IMPORT]
    lines += ["", "", *_union("Entry", kinds)]
    lines += ["", *_union("StationEvent", waiting)]
    lines += ['"""Kinds that wait in the file of pending events, by the names they have there."""']
    return "\n".join(lines) + "\n"


_MODULE: Final = '''"""The journal's entries, by scripts/generate_events.py from events.toml.

An entry says what happened at the station. It never holds a PIN, a name or biometric
data. Every number is an integer (evidence and thresholds are -log10 FMR times 1000),
because the journal writes RFC 8785 canonical JSON, whose floats are a trap. The time of
an entry is added by the journal from its clock.

Entry numbers start at 1: entry n is leaf n - 1 of the journal's tree, and the head of
size n covers it.
"""'''

_IMPORTED_EVENT: Final = (
    '_ID = re.compile(r"[0-9a-f]{16}")',
    '_TIME = re.compile(r"|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", re.ASCII)',
    "",
    "",
    "@dataclass(frozen=True, slots=True)",
    "class ImportedEvent:",
    '    """What every imported event has: an id of 16 hex digits, and a time in UTC or nothing.',
    "",
    "    The id is the beginning of the SHA-256 of the waiting line (an older version took the one",
    "    that the line said).",
    "    `happened` is the time written into the waiting line; the entry's own time is that of",
    "    the import. The station vouches for when it read them, not for what they said before:",
    "    the file is plain (ADR 0011). Raises `ValueError` where they are not that.",
    '    """',
    "",
    "    event_id: str",
    "    happened: str",
    "",
    "    def __post_init__(self) -> None:",
    "        if not _ID.fullmatch(self.event_id) or not _TIME.fullmatch(self.happened):",
    '            raise ValueError("an imported event has no id or no time")',
)


def _imports(kinds: tuple[Kind, ...]) -> list[str]:
    used = {field.base_type for kind in kinds for field in kind.fields} - set(_PLAIN)
    modules: dict[str, set[str]] = {}
    for name in used:
        modules.setdefault(_ELSEWHERE.get(name, "station_app.domain.entry_codes"), set()).add(name)
    lines = []
    if any(kind.check for kind in kinds):
        lines.append("from station_app.domain import entry_rules")
    for module, names in sorted(modules.items()):
        one = f"from {module} import {', '.join(sorted(names))}"
        if len(one) <= 100:
            lines.append(one)
        else:
            lines += [f"from {module} import (", *(f"    {name}," for name in sorted(names)), ")"]
    return lines


def _class(kind: Kind) -> list[str]:
    base = "(ImportedEvent)" if kind.from_files else ""
    lines = ["@dataclass(frozen=True, slots=True)", f"class {kind.class_name}{base}:"]
    about = [
        f"`{field.name}`: {field.says}{_OLDER if field.added else ''}." for field in kind.fields
    ]
    if kind.check:
        about.append("Raises `ValueError` where these disagree.")
    first = textwrap.wrap(kind.says, 93)
    if about or len(first) > 1:
        lines.append(f'    """{first[0]}')
        lines += [f"    {line}" for line in first[1:]]
        if about:
            lines.append("")
            for one in about:
                wrapped = textwrap.wrap(one, 94, subsequent_indent="  ")
                lines += [f"    {line}" for line in wrapped]
        lines.append('    """')
    else:
        lines.append(f'    """{first[0]}"""')
    lines += ["", f'    kind: ClassVar[str] = "{kind.name}"']
    lines += [
        f"    {field.name}: {field.annotation}{' = None' if field.added else ''}"
        for field in kind.fields
    ]
    if kind.check:
        lines += ["", "    def __post_init__(self) -> None:"]
        lines += [f"        entry_rules.{kind.check}(self)"]
    return lines


def _union(name: str, kinds: "tuple[Kind, ...] | list[Kind]") -> list[str]:
    names = [kind.class_name for kind in kinds]
    lines = [f"{name} = (", f"    {names[0]}"]
    return [*lines, *(f"    | {one}" for one in names[1:]), ")"]


def document(kinds: tuple[Kind, ...]) -> str:
    """docs/events.md."""
    lines = [
        "# The journal's entries",
        "",
        "Generated from `station_app/domain/events.toml` by `scripts/generate_events.py`.",
        "",
        "Every entry is one canonical JSON object (RFC 8785) with `kind`, `at` (UTC, milliseconds)",
        "and the fields below; how they become a signed log is in [formats.md](formats.md). No",
        "entry holds a PIN, a name or biometric data. `disposition` as in VVSG 2.0, 15.1-D.",
        "",
        "| kind | by | disposition | what it records |",
        "|---|---|---|---|",
    ]
    for kind in kinds:
        link = f"[`{kind.name}`](#{kind.name})"
        lines.append(f"| {link} | {kind.by} | {kind.disposition} | {kind.says} |")
    for kind in kinds:
        lines += ["", f"## {kind.name}", "", kind.says]
        if kind.from_files:
            lines += [
                "",
                "It happens while the log key is sealed: it waits in `pending-events.jsonl` and is "
                "imported at the next unlocking.",
            ]
        fields = kind.fields
        if kind.from_files:
            fields = (
                Field("event_id", "str", "of the waiting line, 16 hex digits of its SHA-256"),
                Field("happened", "str", "time written into the waiting line (UTC), or empty"),
                *fields,
            )
        lines += ["", "| field | type | what it is |", "|---|---|---|"]
        for field in fields:
            annotation = field.type if field.added else field.annotation
            type_ = annotation.replace("None", "null").replace("|", "or")
            says = field.says + (_MISSING if field.added else "")
            lines.append(f"| `{field.name}` | {type_} | {says} |")
    lines += ["", *_codes_document(kinds)]
    return "\n".join(lines).rstrip() + "\n"


def _codes_document(kinds: tuple[Kind, ...]) -> list[str]:
    # Imported here: the types the catalogue makes are not needed to read it.
    from station_app.domain import entry_codes, fingers, samples  # noqa: PLC0415

    used = {field.base_type for kind in kinds for field in kind.fields} - set(_PLAIN)
    lines = ["## Codes", "", "| type | values |", "|---|---|"]
    for name in sorted(used):
        for module in (entry_codes, samples, fingers):
            enum = getattr(module, name, None)
            if enum is not None:
                values = ", ".join(f"`{one.value}`" for one in enum)
                lines.append(f"| {name} | {values} |")
                break
    return lines


def main() -> None:
    kinds = read_catalogue()
    TYPES.write_text(types_module(kinds), "utf-8")
    DOCUMENT.write_text(document(kinds), "utf-8")


if __name__ == "__main__":
    main()
