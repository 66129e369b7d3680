"""Screen 09 and the photo that does not match, by keyboard: an approver on a real lane."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.flow.approvals import DEMO_PASSPHRASE, CommissionAct, demo_approver
from station_app.flow.lane import Lane
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.capture import BusyStage, BusyView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.operator.manual import (
    ManualDecision,
    ManualForm,
    ManualShare,
    ManualView,
    PersonStage,
    ProposedCard,
    VoidAgreement,
)
from station_app.ui.operator.manual_dialog import ManualDialog
from station_app.ui.operator.page import View
from station_app.ui.operator.verdict import (
    CommissionReason,
    IdentifiedView,
    MismatchView,
    StopFacts,
    StopLookView,
)
from station_app.ui.operator.views import VoterCard
from station_app.ui.qt_bridge import QtBridge
from station_app.ui.sounds import Sound
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import HeardSounds

KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
VOTER = VoterCard(612, "Toktonalieva", "Aizharkyn", "f", "12.04.1991", "Bishkek", 31, 12, b"")
KNOWN = ManualView(
    7, 3, CommissionReason.NO_MATCH, PersonStage.KNOWN, VOTER, 4, ManualShare(1, 30, 5)
)
PROPOSED = replace(
    KNOWN,
    reason=CommissionReason.FACE_PROPOSES,
    stage=PersonStage.PROPOSED,
    voter=None,
    tries=0,
    proposed=tuple(
        ProposedCard(replace(VOTER, list_number=number, surname=name), is_marked=number == 93)
        for number, name in ((93, "Osmonova"), (612, "Toktonalieva"), (1874, "Sydykova"))
    ),
)
STOP = StopLookView(9, StopFacts("09:14", 1277, "m"))
NOBODY = replace(KNOWN, stage=PersonStage.ASK_PIN, voter=None)


@pytest.fixture
def act(desk: OperatorDesk) -> Iterator[CommissionAct]:
    """The demonstration's commission, which signs on a lane of its own."""

    def broke(bug: BaseException) -> None:
        raise AssertionError from bug

    lane = Lane("approval", QtBridge(), broke)
    act = CommissionAct(lane, demo_approver())
    desk.set_commission(act)
    yield act
    lane.close()


class Asked:
    """What the desk has asked for."""

    def __init__(self, desk: OperatorDesk) -> None:
        self.decisions: list[ManualDecision] = []
        self.voids: list[VoidAgreement] = []
        self.pins: list[str] = []
        self.cancels = 0
        desk.manual_decided.connect(self.decisions.append)
        desk.void_agreed.connect(self.voids.append)
        desk.pin_entered.connect(self.pins.append)
        desk.cancel_pressed.connect(self._cancel)

    def _cancel(self) -> None:
        self.cancels += 1


@pytest.fixture
def asked(desk: OperatorDesk, act: CommissionAct) -> Asked:
    return Asked(desk)


def dialog(desk: OperatorDesk) -> TwoPersonDialog:
    return next(found for found in desk.findChildren(TwoPersonDialog) if found.isVisible())


def manual(desk: OperatorDesk) -> ManualDialog:
    shown = dialog(desk)
    assert isinstance(shown, ManualDialog)
    return shown


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)
    QApplication.processEvents()


def sign(desk: OperatorDesk, passphrase: str = DEMO_PASSPHRASE) -> None:
    """Choose the first member, and type in the field."""
    place = dialog(desk).sign.places[0]
    place.person.setFocus()
    press(KEYS.Key_Down)
    place.field.setFocus()
    QTest.keyClicks(place.field.line, passphrase)


def test_enter_takes_the_member_who_is_shown(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    place = dialog(desk).sign.places[0]
    place.person.setFocus()
    press(KEYS.Key_Return)
    chosen = dialog(desk).sign.signing.views[0].person
    assert chosen is not None, "the first of those who may"
    assert place.person.hasFocus()
    press(KEYS.Key_Return)
    assert dialog(desk).sign.signing.views[0].person is chosen
    assert place.field.line.hasFocus()
    assert place.field.line.placeholderText() == Texts("en")("sign.hint")


def note(desk: OperatorDesk) -> str:
    return dialog(desk).note.text()


def test_confirm_says_what_is_missing_until_nothing_is(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    texts = Texts("en")
    desk.show_view(KNOWN)
    assert note(desk) == texts("manual.missing.reason")
    press(KEYS.Key_2)
    assert note(desk) == texts("manual.missing.document")
    manual(desk).documents[1].setFocus()
    press(KEYS.Key_Space)
    assert note(desk) == texts("sign.missing.person", role="Commission member")
    assert asked.decisions == []
    press(KEYS.Key_Return, CTRL)
    sign(desk)
    assert note(desk) == ""
    press(KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(asked.decisions))
    (decided,) = asked.decisions
    assert (decided.ticket, decided.decision) == (7, Decision.CONFIRMED)
    assert (decided.reason, decided.document) == (ManualReason.WORN, DocumentSeen.PASSPORT)
    assert (decided.operator.id, decided.member.id) == ("sadyrova", "osmonov")


@pytest.mark.parametrize("number", range(5))
def test_five_reasons_have_five_keys(desk: OperatorDesk, asked: Asked, number: int) -> None:
    desk.show_view(KNOWN)
    assert not any(row.isChecked() for row in manual(desk).reasons), "none is chosen beforehand"
    press(Qt.Key(KEYS.Key_1 + number))
    assert [row.isChecked() for row in manual(desk).reasons].index(True) == number
    assert manual(desk).form == ManualForm(reason=tuple(ManualReason)[number])


def test_digits_of_a_passphrase_choose_no_reason(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    sign(desk, "1234")
    assert manual(desk).form == ManualForm()


def test_arrows_and_enter_choose(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    manual(desk).reasons[0].setFocus()
    press(KEYS.Key_Up)
    press(KEYS.Key_Return)
    assert manual(desk).form.reason is ManualReason.OTHER
    manual(desk).documents[0].setFocus()
    press(KEYS.Key_Right)
    press(KEYS.Key_Return)
    assert manual(desk).form.document is DocumentSeen.PASSPORT


def test_refusing_needs_a_reason_and_the_same_two_persons(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    desk.show_view(NOBODY)
    manual(desk).setFocus()
    press(KEYS.Key_F6)
    press(KEYS.Key_5)
    sign(desk)
    press(KEYS.Key_F6)
    qtbot.waitUntil(lambda: bool(asked.decisions))
    (decided,) = asked.decisions
    assert (decided.decision, decided.document) == (Decision.REFUSED, DocumentSeen.NONE)
    assert decided.member.id == "osmonov"


def test_a_wrong_passphrase_says_so_and_nothing_is_decided(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    desk.show_view(KNOWN)
    press(KEYS.Key_1)
    manual(desk).documents[0].click()
    sign(desk, "wrong")
    press(KEYS.Key_Return, CTRL)
    panel = manual(desk).sign
    qtbot.waitUntil(lambda: panel.signing.views[0].fault == "wrong_passphrase")
    words = [block.text() for block in panel.findChildren(TextBlock) if block.isVisible()]
    assert Texts("en")("sign.fault.wrong_passphrase") in words
    assert panel.places[0].field.line.text() == ""
    assert asked.decisions == []
    QTest.keyClicks(panel.places[0].field.line, DEMO_PASSPHRASE)
    press(KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(asked.decisions))


def test_enter_in_the_field_signs_and_confirms_nothing(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    desk.show_view(KNOWN)
    press(KEYS.Key_1)
    manual(desk).documents[0].click()
    sign(desk)
    press(KEYS.Key_Return)
    qtbot.waitUntil(lambda: manual(desk).sign.signing.is_accepted)
    assert asked.decisions == []
    press(KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(asked.decisions))


def test_once_signed_enter_confirms_and_drops_no_signature(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    desk.show_view(KNOWN)
    press(KEYS.Key_1)
    press(KEYS.Key_7)
    sign(desk)
    press(KEYS.Key_Return)
    confirm = manual(desk).keys.buttons[DeskKey.CONFIRM]
    assert QApplication.focusWidget() in (manual(desk), confirm), "never on Back"
    qtbot.waitUntil(lambda: manual(desk).sign.signing.is_accepted)
    assert QApplication.focusWidget() is confirm
    press(KEYS.Key_Return)
    qtbot.waitUntil(lambda: bool(asked.decisions))
    assert asked.cancels == 0
    assert asked.decisions[0].document is DocumentSeen.PASSPORT


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, CTRL])
def test_a_passphrase_typed_before_its_person_is_chosen_stays(
    desk: OperatorDesk, asked: Asked, modifier: Qt.KeyboardModifier
) -> None:
    desk.show_view(KNOWN)
    place = manual(desk).sign.places[0]
    place.field.setFocus()
    QTest.keyClicks(place.field.line, DEMO_PASSPHRASE)
    press(KEYS.Key_Return, modifier)
    assert place.field.line.text() == DEMO_PASSPHRASE
    assert asked.decisions == []


def test_the_pin_comes_first_where_nobody_is_named(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(NOBODY)
    assert note(desk) == Texts("en")("manual.missing.person")
    QTest.keyClicks(QApplication.focusWidget(), "2120419910012")
    press(KEYS.Key_Return)
    assert asked.pins == []
    QTest.keyClicks(QApplication.focusWidget(), "3")
    press(KEYS.Key_Return)
    assert asked.pins == ["21204199100123"]


def test_choices_stay_while_the_record_is_read_and_go_with_the_person(
    desk: OperatorDesk, asked: Asked, sounds: HeardSounds
) -> None:
    desk.show_view(NOBODY)
    manual(desk).setFocus()
    press(KEYS.Key_3)
    desk.show_view(replace(NOBODY, ticket=8, stage=PersonStage.LOOKING_UP))
    desk.show_view(replace(KNOWN, ticket=9))
    assert manual(desk).form.reason is ManualReason.EQUIPMENT
    desk.set_language("ru")
    assert manual(desk).form.reason is ManualReason.EQUIPMENT
    assert sounds.heard == [Sound.COMMISSION], "one person, one sound"
    desk.show_view(replace(KNOWN, ticket=11, session=4))
    assert manual(desk).form == ManualForm()


def test_escape_goes_back_and_an_answer_on_its_way_counts_no_more(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    desk.show_view(KNOWN)
    press(KEYS.Key_1)
    manual(desk).documents[0].click()
    sign(desk)
    press(KEYS.Key_Return, CTRL)
    press(KEYS.Key_Escape)
    assert asked.cancels == 1
    desk.show_view(BusyView(BusyStage.RECORDING, can_cancel=False))
    qtbot.wait(50)
    assert asked.decisions == []


@pytest.mark.parametrize("view", [KNOWN, MismatchView(9, VOTER), STOP], ids=type)
def test_keys_of_the_look_wait_while_two_sign(desk: OperatorDesk, asked: Asked, view: View) -> None:
    desk.show_view(view)
    sign(desk, "a passphrase")
    open_now, looks = dialog(desk), desk.appearance
    for key in (KEYS.Key_C, KEYS.Key_Plus):
        press(key, CTRL | Qt.KeyboardModifier.AltModifier)
    press(KEYS.Key_R, Qt.KeyboardModifier.AltModifier)
    assert (desk.appearance, desk.language) == (looks, "en")
    assert dialog(desk) is open_now
    assert open_now.sign.places[0].field.line.text() == "a passphrase"
    press(KEYS.Key_Escape)
    press(KEYS.Key_C, CTRL | Qt.KeyboardModifier.AltModifier)
    assert desk.appearance.high_contrast, "once the dialog is closed they change it"


def test_help_lies_over_the_dialog_and_loses_nothing(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    press(KEYS.Key_4)
    press(KEYS.Key_F1)
    help_ = desk.findChild(HelpOverlay)
    assert help_ is not None
    assert help_.isVisible()
    press(KEYS.Key_Escape)
    assert asked.cancels == 0, "the help is closed, not the dialog"
    assert manual(desk).form.reason is ManualReason.NO_BIOMETRICS
    press(KEYS.Key_5)
    assert manual(desk).form.reason is ManualReason.OTHER
    line = dialog(desk).sign.places[0].field.line
    line.setFocus()
    press(KEYS.Key_F1)
    press(KEYS.Key_Escape)
    assert line.hasFocus()


def test_the_share_of_manual_cases_is_on_the_screen(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    words = [block.text() for block in manual(desk).findChildren(TextBlock)]
    assert "Manual 3.3% of identified today, alarm at 5%" in words


@pytest.mark.parametrize("key", [DeskKey.COMMISSION, DeskKey.MISMATCH])
def test_f5_calls_the_commission(desk: OperatorDesk, key: DeskKey) -> None:
    called: list[bool] = []
    desk.commission_pressed.connect(lambda: called.append(True))
    desk.press(key)
    assert called == [True]
    assert key.value.presses == (KEYS.Key_F5,)


def test_a_photo_that_differs_is_made_void_by_two(
    desk: OperatorDesk, asked: Asked, sounds: HeardSounds, qtbot: QtBot
) -> None:
    desk.show_view(IdentifiedView(VOTER))
    desk.show_view(MismatchView(9, VOTER))
    assert sounds.heard == [Sound.IDENTIFIED], "not said twice"
    press(KEYS.Key_Return, CTRL)
    sign(desk)
    press(KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(asked.voids))
    (agreed,) = asked.voids
    assert (agreed.ticket, agreed.operator.id, agreed.member.id) == (9, "sadyrova", "osmonov")


def test_gone_back_from_the_photo_the_verdict_is_not_said_again(
    desk: OperatorDesk, asked: Asked, sounds: HeardSounds
) -> None:
    desk.show_view(IdentifiedView(VOTER))
    desk.show_view(MismatchView(9, VOTER))
    press(KEYS.Key_Escape)
    assert asked.cancels == 1
    desk.show_view(IdentifiedView(VOTER))
    assert sounds.heard == [Sound.IDENTIFIED]


def test_tab_goes_in_reading_order_and_the_keys_come_last(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(NOBODY)
    shown = manual(desk)
    place = shown.sign.places[0]
    expected = [
        shown.person.field, shown.documents[0], shown.reasons[0], place.person, place.field.line,
        shown.keys.buttons[DeskKey.BACK], place.field.eye,
    ]  # fmt: skip
    seen = []
    for _ in expected:
        seen.append(QApplication.focusWidget())
        press(KEYS.Key_Tab)
    assert seen == expected


def test_pressed_again_a_choice_stays(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    for _ in range(2):
        manual(desk).reasons[2].click()
        assert [row.isChecked() for row in manual(desk).reasons] == [False, False, True] + [
            False
        ] * 2


def test_everything_to_choose_has_a_name(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(KNOWN)
    shown = manual(desk)
    names = [row.accessibleName() for row in (*shown.reasons, *shown.documents)]
    place = shown.sign.places[0]
    names += [place.person.accessibleName(), place.field.line.accessibleName()]
    assert all(names)
    assert len(set(names)) == len(names)


def said(desk: OperatorDesk) -> list[str]:
    return [one.text() for one in dialog(desk).findChildren(TextBlock) if one.isVisible()]


def test_one_of_the_voters_proposed_is_chosen_and_signed(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    texts = Texts("en")
    desk.show_view(PROPOSED)
    assert {"Osmonova", "Toktonalieva", "Sydykova"} <= set(said(desk))
    assert note(desk) == texts("manual.missing.proposed")
    press(KEYS.Key_Return, CTRL)
    press(KEYS.Key_F6)
    press(KEYS.Key_2)
    assert "Toktonalieva" in said(desk)
    assert "Sydykova" not in said(desk)
    press(KEYS.Key_5)
    press(KEYS.Key_6)
    sign(desk)
    assert note(desk) == ""
    press(KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(asked.decisions))
    (decided,) = asked.decisions
    assert (decided.ticket, decided.decision, decided.chosen) == (7, Decision.CONFIRMED, 1)
    assert decided.reason is ManualReason.OTHER


def test_none_of_the_voters_proposed_is_refused_or_named_by_a_pin(
    desk: OperatorDesk, asked: Asked, qtbot: QtBot
) -> None:
    desk.show_view(PROPOSED)
    press(KEYS.Key_4)
    field = manual(desk).person.field
    assert field is not None
    assert field.hasFocus()
    desk.setFocus()
    manual(desk).reasons[4].click()
    sign(desk)
    assert note(desk) == Texts("en")("manual.missing.person")
    press(KEYS.Key_F6)
    qtbot.waitUntil(lambda: bool(asked.decisions))
    (decided,) = asked.decisions
    assert (decided.decision, decided.chosen) == (Decision.REFUSED, None)
    QTest.keyClicks(field, "21204199100123")
    QTest.keyClick(field, KEYS.Key_Return)
    assert asked.pins == ["21204199100123"]


def test_another_choice_asks_for_another_signature(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(PROPOSED)
    press(KEYS.Key_1)
    assert Texts("en")("commission.marked") in said(desk), "perhaps identified under another id"
    sign(desk)
    manual(desk).again.click()
    assert "Sydykova" in said(desk)
    press(KEYS.Key_3)
    assert "Sydykova" in said(desk)
    assert dialog(desk).sign.places[0].field.line.text() == ""
    press(KEYS.Key_0)
    assert note(desk) == Texts("en")("manual.missing.proposed")
    assert asked.decisions == []


def test_who_was_chosen_is_kept_in_another_language(desk: OperatorDesk, asked: Asked) -> None:
    desk.show_view(PROPOSED)
    press(KEYS.Key_3)
    desk.set_language("ky")
    assert "Sydykova" in said(desk)
    assert "Osmonova" not in said(desk)
    desk.show_view(replace(PROPOSED, session=4))
    assert "Osmonova" in said(desk), "nobody is chosen for the next person"
