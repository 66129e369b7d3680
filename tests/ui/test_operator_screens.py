"""The desk's screens: help, keys, verdicts, contrast, pictures. `test_nothing_is_cut` measures."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.languages import language_codes, language_of
from station_app.papers.fonts import BUNDLED
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.face import FaceStageView
from station_app.ui.operator.manual import ManualView, ProposedCard
from station_app.ui.operator.notice import VoidedView
from station_app.ui.operator.verdict import IdentifiedView, MismatchView
from station_app.ui.operator.verdict_page import VerdictBand
from station_app.ui.operator.views import VoterCard
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import BASE_SIZE, LIGHT, SMALLEST_SIZE
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.choice_list import Choice, ChoiceRow
from station_app.ui.widgets.key_bar import DeskKey, KeyButton
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import LanguageButton
from station_app.ui.widgets.verdict_band import VerdictBandView
from tests.ui.desk_samples import finger_source, sample_desk
from tests.ui.pictures import grab, write_pictures
from tests.ui.samples.desk import desk_states, sample_views, show_sample
from tests.ui.screen_walk import look


@pytest.mark.parametrize("language", language_codes())
def test_no_help_is_clipped_on_the_smallest_screen(qtbot: QtBot, language: str) -> None:
    desk = sample_desk(language)
    qtbot.addWidget(desk)
    desk.resize(*SMALLEST_SIZE)
    desk.show()
    views = {view.help_pages(): view for view in sample_views(language, finger_source).values()}
    found = []
    for pages, view in views.items():
        show_sample(desk, view, finger_source, language)
        desk.press(DeskKey.HELP)
        found += look(desk, QSize(*SMALLEST_SIZE), str(pages), language, "alone")
        lines = [line.text() for line in desk.findChildren(TextBlock) if line.isVisible()]
        for line in (
            language_of(language).help_lines(pages[0])
            or language_of(language).help_lines(pages[-1])
            or ()
        ):
            assert line in lines
    assert [str(one) for one in found] == []


def test_only_the_keys_of_this_version_are_drawn(qtbot: QtBot) -> None:
    states = set()
    for state, desk in desk_states("en", finger_source, QSize(*BASE_SIZE)):
        states.add(state)
        assert isinstance(desk, OperatorDesk)
        assert desk.page is not None
        caps = {key.value.cap for key in desk.page.keys.buttons}
        assert caps <= {"F1", "F2", "F3", "F4", "F5", "F7", "F8", "F10", "F11", "Esc", "Enter"}
    assert {"ready", "capture", "identified", "already", "not-on-list"} <= states
    assert {"scanner-unplugged", "try-again-too-dry", "dialog-hand"} <= states


WORD = "Щ" * 80


@pytest.mark.parametrize(
    "state", ["identified", "manual", "manual-proposed", "mismatch", "voided", "face"]
)
def test_no_word_of_the_list_is_cut_or_wider_than_its_column(qtbot: QtBot, state: str) -> None:
    """A register's row may have words of 300 letters and numbers of seven digits."""

    def long(voter: VoterCard) -> VoterCard:
        return replace(voter, surname=WORD, given_names=WORD, address=WORD, list_number=9_999_999)

    view = sample_views("ky", finger_source)[state]
    if isinstance(view, VoidedView):
        view = replace(view, list_number=9_999_999)
    elif isinstance(view, ManualView) and view.proposed:
        view = replace(view, proposed=tuple(ProposedCard(long(one.voter)) for one in view.proposed))
    else:
        assert isinstance(view, IdentifiedView | ManualView | MismatchView | FaceStageView)
        assert view.voter is not None
        view = replace(view, voter=long(view.voter))
    desk = sample_desk("ky")
    qtbot.addWidget(desk)
    desk.resize(*SMALLEST_SIZE)
    show_sample(desk, view, finger_source, "ky")
    desk.show()
    QApplication.processEvents()
    shown = desk.overlay or desk.page
    assert shown is not None
    assert shown.minimumSizeHint().width() <= SMALLEST_SIZE[0]
    blocks = [one for one in shown.findChildren(TextBlock) if one.isVisible()]
    assert [one.text() for one in blocks if one.is_clipped()] == []


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize("verdict", VerdictBand)
def test_verdict_word_is_large_enough_to_read_from_three_metres(
    qtbot: QtBot, verdict: VerdictBand, language: str
) -> None:
    signal = verdict.value
    band = VerdictBandView(
        Style(),
        fill=signal.fill,
        on=signal.on,
        shape=signal.shape,
        word=Texts(language)(signal.word),
        word_px=signal.word_px,
        smallest_word_px=signal.smallest_word_px,
        line="",
        hazard_stripe=signal.hazard_stripe,
        top_bar=QWidget(),
    )
    qtbot.addWidget(band)
    band.resize(SMALLEST_SIZE[0], 300)
    assert band.word_px() >= (60 if verdict is VerdictBand.COMMISSION else 84)
    assert not band.is_clipped()


def test_each_verdict_has_its_own_colour_shape_word_and_sound() -> None:
    signals = [verdict.value for verdict in VerdictBand]
    for part in ("fill", "shape", "word", "sound"):
        assert len({getattr(signal, part) for signal in signals}) == len(signals), part


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def luminance(name: str) -> float:
        parts = []
        for value in (QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF()):
            parts.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_contrast_is_at_least_four_and_a_half() -> None:
    pairs = [(verdict.value.on, verdict.value.fill) for verdict in VerdictBand]
    pairs += [(ink, LIGHT.sunken) for ink in (LIGHT.ink, LIGHT.ink2, LIGHT.ink3)]
    pairs += [(LIGHT.on_ok_soft, LIGHT.ok_soft), (LIGHT.on_warn_soft, LIGHT.warn_soft)]
    pairs += [(LIGHT.stop, LIGHT.surface), (LIGHT.commission, LIGHT.commission_soft)]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def _choice_row() -> ChoiceRow:
    around = QWidget()
    row = ChoiceRow(Choice("ph.user", "Remove", "Two others agree"), Style(), around)
    row.setParent(None)
    return row


@pytest.mark.parametrize(
    "make",
    [
        lambda: KeyButton(DeskKey.CONFIRM.value, "Confirm identity", Style()),
        lambda: KeyButton(DeskKey.REFUSE.value, "Refuse", Style()),
        lambda: ActionButton("Close and print protocol", Style(), key="F8", primary=True),
        lambda: ActionButton("Void", Style(), danger=True),
        _choice_row,
    ],
)
def test_what_cannot_be_pressed_can_still_be_read(
    qtbot: QtBot, make: Callable[[], QAbstractButton]
) -> None:
    button = make()
    qtbot.addWidget(button)
    button.setEnabled(False)
    button.resize(button.sizeHint())
    picture = button.grab().toImage()
    colours = Counter(
        picture.pixelColor(x, y).name()
        for x in range(4, picture.width() - 4)
        for y in range(4, picture.height() - 4)
    )
    ((ground, _),) = colours.most_common(1)
    assert contrast(ground, LIGHT.surface) < 1.5, "it does not look as if it could be pressed"
    assert max(contrast(ground, one) for one in colours) >= 4.5


def test_the_focus_ring_stands_out_on_every_ground() -> None:
    grounds = [verdict.value.fill for verdict in VerdictBand]
    grounds += [LIGHT.surface, LIGHT.bg, LIGHT.sunken, LIGHT.primary]
    ring = (LIGHT.focus, LIGHT.surface)
    weak = [one for one in grounds if max(contrast(one, ink) for ink in ring) < 3]
    assert weak == []


def test_both_colours_of_the_focus_ring_are_drawn_and_none_is_cut(
    qtbot: QtBot, desk: OperatorDesk
) -> None:
    show_sample(desk, sample_views("en", finger_source)["already"], finger_source, "en")
    QApplication.processEvents()  # the page is painted in the next turn
    button = desk.findChildren(LanguageButton)[2]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    picture = desk.grab().toImage()
    centre = button.mapTo(desk, button.rect().center())
    above = {picture.pixelColor(centre.x(), y).name().upper() for y in range(12)}
    below = {picture.pixelColor(centre.x(), y).name().upper() for y in range(50, 70)}
    for side in (above, below):
        assert {LIGHT.focus, LIGHT.surface} <= side


def test_a_disabled_confirm_is_not_filled(qtbot: QtBot) -> None:
    """The closing button looked the same whether it could be pressed or not."""
    pictures = []
    for is_enabled in (True, False):
        button = ActionButton("Close the day", Style(), primary=True)
        qtbot.addWidget(button)
        button.setEnabled(is_enabled)
        button.resize(button.sizeHint())
        pictures.append(button.grab().toImage().pixelColor(20, 10).name().upper())
    assert pictures == [LIGHT.primary, LIGHT.sunken]


def test_band_and_frame_have_the_verdict_colour(qtbot: QtBot) -> None:
    desk = sample_desk("en")
    qtbot.addWidget(desk)
    desk.resize(*BASE_SIZE)
    show_sample(desk, sample_views("en", finger_source)["identified"], finger_source, "en")
    picture = grab(desk, QSize(*BASE_SIZE))
    for x, y in ((5, 100), (5, 500), (1362, 500), (700, 764)):
        assert picture.pixelColor(x, y).name().upper() == LIGHT.ok


def test_bundled_fonts_are_the_ones_drawn_with(qtbot: QtBot) -> None:
    style = Style()
    assert [family for family, _ in BUNDLED] == ["Inter", "Inter Display"]
    block = TextBlock("1111", style.text(40, 600), LIGHT.ink, wrap=False)
    other = TextBlock("0808", style.text(40, 600), LIGHT.ink, wrap=False)
    qtbot.addWidget(block)
    qtbot.addWidget(other)
    assert abs(block.sizeHint().width() - other.sizeHint().width()) <= 1


def test_pictures_are_written(qtbot: QtBot, tmp_path: Path) -> None:
    """Of the first states: `make screenshots` writes all, `test_nothing_is_cut` draws them."""
    files = write_pictures(
        tmp_path,
        ("ky",),
        lambda language, size: islice(desk_states(language, finger_source, size), 2),
    )
    assert files == sorted((tmp_path / "ky").glob("*.png"), key=files.index)
    assert len(files) == 2
    assert all(QImage(str(file)).size() == QSize(*BASE_SIZE) for file in files)


def test_the_scale_follows_the_width(qtbot: QtBot) -> None:
    desk = sample_desk("en")
    qtbot.addWidget(desk)
    show_sample(desk, sample_views("en", finger_source)["ready"], finger_source, "en")
    desk.resize(1920, 1080)
    desk.show()
    qtbot.waitUntil(lambda: desk.width() == 1920)
    page = desk.page
    assert page is not None
    assert page.top.height() == 70
    desk.resize(1366, 768)
    qtbot.waitUntil(lambda: desk.page is not None and desk.page.top.height() == 56)
