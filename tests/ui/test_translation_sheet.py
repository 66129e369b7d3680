"""The editor's sheets say what the catalogues say, and an approval lapses with its text."""

from dataclasses import replace

import pytest

from scripts import translation_sheet as sheet


def test_the_committed_sheets_are_current() -> None:
    again = "Run `python -m scripts.translation_sheet` and commit what it writes."
    for file, text in sheet.documents(sheet.known_screens(), sheet.approvals()).items():
        assert file.read_text(encoding="utf-8") == text, again


def test_every_key_names_its_picture() -> None:
    """`make words` finds them; a new key has none until then."""
    assert [key for key, picture in sheet.known_screens().items() if picture == "–"] == []


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_an_approval_holds_for_one_text_of_one_language(language: str) -> None:
    one = sheet.sentences("slip")[0]
    approved = frozenset({dict(one.marks())[language]})
    assert language not in one.waiting(approved)
    assert len(one.waiting(approved)) == len(one.texts) - 1
    changed = replace(one, texts={**one.texts, language: "another"})
    assert language in changed.waiting(approved)
