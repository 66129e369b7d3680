"""The program's reader of catalogues reads what Babel's does."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from station_app.languages import language_codes, language_of
from station_app.papers.paper_words import catalogue
from tests.pseudo_language import CATALOGUES


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize("audience", CATALOGUES)
def test_every_catalogue_is_read_as_by_babel(language: str, audience: str) -> None:
    file = BytesIO(language_of(language).catalogue(audience))
    messages = read_po(file, abort_invalid=True)
    assert catalogue(language, audience) == {
        str(one.id): str(one.string) for one in messages if one.id
    }
