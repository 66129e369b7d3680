"""The catalogue of events, the types and the document say the same."""

import importlib.util
from pathlib import Path
from typing import get_args

import pytest

from station_app.domain.entries import Entry

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location(
        "generate_events", ROOT / "scripts/generate_events.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_types_and_document_are_what_the_catalogue_gives(generator):
    kinds = generator.read_catalogue()
    again = "Run `python scripts/generate_events.py` and commit what it writes."
    assert generator.TYPES.read_text("utf-8") == generator.types_module(kinds), again
    assert generator.DOCUMENT.read_text("utf-8") == generator.document(kinds), again


def test_every_kind_is_an_entry(generator):
    names = [kind.name for kind in generator.read_catalogue()]
    assert [cls.kind for cls in get_args(Entry)] == names


@pytest.mark.parametrize(
    "text",
    [
        "[odd]\nsays = 'x'\nby = 'station'\n",
        "[odd]\nsays = 'x'\nby = 'somebody'\ndisposition = 'notice'\n",
        "[odd]\nsays = 'x'\nby = 'station'\ndisposition = 'notice'\nmore = 1\n",
        "[odd]\nsays = 'x'\nby = 'station'\ndisposition = 'notice'\n[odd.fields]\na = 'int'\n",
        "[odd]\nsays = 'x'\nby = 'station'\ndisposition = 'notice'\n[odd.added]\na = 'int?: x'\n",
    ],
)
def test_a_slip_of_the_pen_in_the_catalogue_is_refused(generator, tmp_path, text):
    file = tmp_path / "events.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match="odd"):
        generator.read_catalogue(file)
