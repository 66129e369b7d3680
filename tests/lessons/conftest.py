"""Python's garbage collection as it was: a desk collects by its own timer, and leaves it off."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _garbage_is_collected() -> Iterator[None]:
    yield
    gc.enable()
