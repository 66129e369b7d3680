"""The voter's display with invented people, by the name of its picture."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from station_app.languages import voter_languages
from station_app.ui.operator.views import StationKind
from station_app.ui.public.public_pages import DisplayFacts
from station_app.ui.public.public_view import PublicView, Scene, ShownVoter
from station_app.ui.public.public_window import PublicWindow
from tests.ui.samples.faces import DRAWN, Faces
from tests.ui.samples.invented import invented

FACTS = DisplayFacts("7042", "11:42", 261)
SIZES = {"": (1920, 1080), "-square": (1024, 768), "-tall": (1080, 1920)}


def shown_languages(language: str) -> Sequence[str]:
    """That language first, and beside a voters' one the other of them."""
    voters = voter_languages()
    return (language, *(one for one in voters if one != language and language in voters))


def public_views(language: str, faces: Faces = DRAWN) -> dict[str, PublicView]:
    """Everything that the display shows, by the name of its picture."""
    surname, given, _ = invented(language).voter
    (long_name, *long_given) = _LONG.split(" ")
    return {
        "public-idle": Scene.IDLE,
        "public-wait": Scene.WAIT,
        "public-call": Scene.CALL,
        "public-identified": ShownVoter(surname, given, 612, faces.photo("f")),
        "public-no-photo": ShownVoter(long_name, " ".join(long_given), 1874, b""),
    }


_LONG = "Абдыкадырова-Мамбеталиева Гүлбарчын Кубанычбековна"


def public_states(
    language: str, size: QSize, faces: Faces = DRAWN
) -> Iterable[tuple[str, QWidget]]:
    """Every state of a live station's display, and some of a demonstration's, without slips."""
    window = PublicWindow(shown_languages(language), StationKind.LIVE)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(size)
    window.set_facts(FACTS)
    window.show()
    for state, view in public_views(language, faces).items():
        window.show_view(view)
        yield state, window
    window.show_view(Scene.IDLE)
    window.show_number("4711")
    yield "public-number", window
    window.show_number("")
    window.set_kind(StationKind.DEMO)
    window.set_facts(DisplayFacts("7042", "11:42", 0, has_slips=False))
    for name in ("public-idle", "public-identified"):
        window.show_view(public_views(language, faces)[name])
        yield f"{name}-demo", window
    window.hide()
    window.deleteLater()
