"""An application for the papers that stations draw, and passphrases that are tried at once."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.commands.typed_words import make_cheap


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Stations and readiness sheets draw papers here without a window."""


@pytest.fixture(autouse=True, scope="package")
def _cheap_passphrases() -> Iterator[None]:
    """What a passphrase costs is measured in `tests/vault/test_wrapping.py`."""
    with pytest.MonkeyPatch.context() as patch:
        make_cheap(patch)
        yield
