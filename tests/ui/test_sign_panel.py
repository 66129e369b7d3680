"""The panel in which persons sign, as it is drawn."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.domain.roles import Person, Role
from station_app.ui.commission.sign_panel import SignPanel
from station_app.ui.commission.signing import SignPlace
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from tests.ui.screen_walk import TextWatch

LONGEST = "Абдыкадырова-Жумагулова Гүлбарчынай Кубанычбековна-Токтогулкызы Асанбаеваның кыз"
IN_ONE_WORD = "Абдыкадыроважумагуловагүлбарчынайкубанычбековнатоктогулкызыа"


@pytest.mark.parametrize("name", [LONGEST, IN_ONE_WORD], ids=["longest", "one word"])
@pytest.mark.parametrize("width", [236, 300])
@pytest.mark.parametrize("others", [0, 1])
def test_a_name_is_never_cut(qtbot: QtBot, name: str, width: int, others: int) -> None:
    """The narrowest boxes there are, with and without the sign of others to choose."""
    persons = [Person(f"p{n}", name, Role.CHAIR) for n in range(others + 1)]
    place = SignPlace("Chair", tuple(persons))
    panel = SignPanel(Texts("en", ("en",)), Style(), [place], person_width=width)
    qtbot.addWidget(panel)
    panel.resize(700, 200)
    box = panel.places[0].person
    if others:
        box.stepped.emit(1)
    panel.show()
    QApplication.processEvents()

    with TextWatch() as watch:
        panel.repaint()

    (drawn,) = [one for one in watch.drawn if one.widget is box]
    assert drawn.words == name
    assert drawn.room is not None
    assert drawn.box.width() <= drawn.room.width() + 1
    assert drawn.box.height() <= drawn.room.height() + 1
    assert drawn.font.pixelSize() >= 9
