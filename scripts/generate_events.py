"""Write docs/events.md from the classes of the journal's entries.

    python scripts/generate_events.py

A test fails when what it writes differs from what is committed.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Final

from station_app.domain.entries import KINDS, Entry, ImportedEvent
from station_app.domain.entry_kinds import Field

DOCUMENT: Final = Path(__file__).resolve().parents[1] / "docs/events.md"
_HEAD: Final = """# The journal's entries

Generated from `station_app/domain/entries.py` by `scripts/generate_events.py`.

Every entry is one canonical JSON object (RFC 8785) with `kind`, `at` (UTC, milliseconds)
and the fields below; how they become a signed log is in [formats.md](formats.md). No
entry holds a PIN, a name or biometric data. `disposition` as in VVSG 2.0, 15.1-D.

| kind | by | disposition | what it records |
|---|---|---|---|"""
_WAITS: Final = (
    "It happens while the log key is sealed: it waits in `pending-events.jsonl` and is "
    "imported at the next unlocking."
)


def document(kinds: Iterable[type[Entry]]) -> str:
    """docs/events.md."""
    kinds = tuple(kinds)
    lines = [_HEAD]
    for cls in kinds:
        link = f"[`{cls.kind}`](#{cls.kind})"
        lines.append(f"| {link} | {cls.about.by} | {cls.about.disposition} | {_says(cls)} |")
    for cls in kinds:
        lines += ["", f"## {cls.kind}", "", _says(cls)]
        if issubclass(cls, ImportedEvent):
            lines += ["", _WAITS]
        lines += ["", "| field | type | what it is |", "|---|---|---|"]
        lines += map(_field, cls.about.fields.values())
    lines += ["", "## Codes", "", "| type | values |", "|---|---|", *_codes(kinds)]
    return "\n".join(lines) + "\n"


def _says(cls: type[Entry]) -> str:
    return " ".join((cls.__doc__ or "").split())


def _field(field: Field) -> str:
    null = " or null" if field.is_optional and not field.is_added else ""
    missing = " (missing in entries of an older version)" if field.is_added else ""
    return f"| `{field.name}` | {field.holds.__name__}{null} | {field.says}{missing} |"


def _codes(kinds: Iterable[type[Entry]]) -> Iterator[str]:
    held = {field.holds for cls in kinds for field in cls.about.fields.values()}
    for one in sorted((cls for cls in held if issubclass(cls, Enum)), key=lambda cls: cls.__name__):
        yield f"| {one.__name__} | {', '.join(f'`{member.value}`' for member in one)} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(KINDS.values()), "utf-8")
