"""No verdict changes its look unseen, in any theme: see `verdict_snapshots`."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.ui.verdict_snapshots import THEMES, VERDICTS, difference, reference, snapshots

MOST = 0.02
"""Measured on one machine: own references 0.0000 at most, those of other verdicts 0.45 at least."""


@pytest.mark.parametrize("theme", THEMES)
def test_verdicts_look_as_their_references(qtbot: QtBot, theme: str) -> None:
    again = "Look at the pictures; meant so: python -m tests.ui.verdict_snapshots"
    drawn = dict(snapshots(theme))
    assert [*drawn] == [*VERDICTS]
    kept = {state: QImage(str(reference(state, theme))) for state in VERDICTS}
    for state, picture in drawn.items():
        assert difference(picture, kept[state]) < MOST, f"{state}: {again}"
        others = [difference(picture, kept[other]) for other in VERDICTS if other != state]
        assert min(others) > 2 * MOST, f"{state} looks like another verdict"
