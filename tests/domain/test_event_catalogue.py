"""Kinds of entries: the classes are the catalogue, and docs/events.md says what they say."""

import importlib.util
from pathlib import Path
from typing import Annotated

import pytest

from station_app.domain import entries
from station_app.domain.entries import KINDS, Entry
from station_app.domain.entry_kinds import entry

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location(
        "generate_events", ROOT / "scripts/generate_events.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_the_classes_give(generator):
    again = "Run `python scripts/generate_events.py` and commit what it writes."
    assert generator.DOCUMENT.read_text("utf-8") == generator.document(KINDS.values()), again


def test_every_class_of_the_module_is_a_kind_under_its_own_name():
    made = [one for one in vars(entries).values() if hasattr(one, "kind")]
    assert made == [*KINDS.values()]
    assert all(cls.kind == kind for kind, cls in KINDS.items())
    names = ["".join(part.capitalize() for part in kind.split("_")) for kind in KINDS]
    assert [cls.__name__ for cls in KINDS.values()] == names


@pytest.mark.parametrize(
    ("hint", "default"),
    [
        (int, ...),
        (Annotated[int, "what", "more"], ...),
        (Annotated[float, "what"], ...),
        (Annotated[bytes | None, "what"], None),
        (Annotated[int | str, "what"], ...),
        (Annotated[None, "what"], ...),
        (Annotated[int, "added, and not optional"], None),
        (Annotated[int | None, "added, and not None"], 1),
    ],
)
def test_a_field_that_no_entry_can_have_is_refused(hint, default):
    fields = {"__annotations__": {"odd": hint}} | ({} if default is ... else {"odd": default})
    with pytest.raises(TypeError, match="odd"):
        entry("odd", by="station", disposition="notice")(type("Odd", (Entry,), fields))


def test_an_incident_is_told_by_a_field():
    fields = {"__annotations__": {"here": Annotated[int, "what"]}}
    with pytest.raises(TypeError, match="odd"):
        entry("odd", by="station", disposition="notice", incident="gone")(
            type("Odd", (Entry,), fields)
        )
