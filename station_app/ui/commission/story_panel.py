"""The story of the row that is chosen in the day log, and the dialog that makes it void."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    CommissionDecision,
    DeviceLost,
    DeviceReturned,
    Entry,
    FaceCompared,
    FacesProposed,
    FaceTry,
    FingerTry,
    IssuedElsewhere,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    SlipPrinted,
    StopDecided,
)
from station_app.domain.entry_codes import Method, OutcomeKind, PrintedTo, VoidReason
from station_app.domain.liveness import FaceFailure
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.act_words import act_words, signer_words
from station_app.ui.commission.day_log import RowResult, StoryView
from station_app.ui.commission.log_table import ResultTag
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, card
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.photo_view import PhotoView
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet
from station_app.ui.widgets.text_block import ListedText, TextBlock

StoryWords = tuple[datetime, str]


def story_words(
    texts: Texts,
    lines: Iterable[StoryLine],
    people: Mapping[str, str],
    first_at: datetime | None = None,
) -> tuple[StoryWords, ...]:
    """Time and words of each line; tries that ended alike are told together.

    `first_at` is when somebody who was stopped had been identified, None where unknown.
    """
    told: list[StoryWords] = []
    tries: list[tuple[StoryLine, FingerTry]] = []
    for line in lines:
        entry = line.entry
        if isinstance(entry, FingerTry):
            if tries and tries[-1][1].hint != entry.hint:
                told += _tries(texts, tries, matched=False)
                tries = []
            tries.append((line, entry))
            continue
        told += _tries(texts, tries, matched=_is_match(entry))
        tries = []
        words = act_words(texts, entry, line.at)
        if words:
            signed = signer_words(texts, entry, people)
            told += [(line.at, one) for one in (words, signed) if one]
            continue
        words = _words(texts, entry, people, first_at)
        if words:
            told.append((line.at, words))
    return (*told, *_tries(texts, tries, matched=False))


def _is_match(entry: Entry) -> bool:
    """Whether it says that the try before it was a match."""
    ends = (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
    return isinstance(entry, Outcome) and entry.method is Method.FINGER and entry.outcome in ends


def _tries(
    texts: Texts, tries: list[tuple[StoryLine, FingerTry]], *, matched: bool
) -> list[StoryWords]:
    """The tries so far; where the outcome is a match it was the last one's."""
    if not tries:
        return []
    if matched:
        line, matching = tries[-1]
        match = texts("story.finger", number=matching.number, what=texts("story.match"))
        return [*_tries(texts, tries[:-1], matched=False), (line.at, match)]
    first, last = tries[0][1].number, tries[-1][1].number
    hint = tries[-1][1].hint
    what = texts("story.no_match" if hint is None else f"story.hint.{hint.value}")
    words = (
        texts("story.finger", number=first, what=what)
        if first == last
        else texts("story.fingers", first=first, last=last, what=what)
    )
    return [(tries[-1][0].at, words)]


def _words(texts: Texts, entry: Entry, people: Mapping[str, str], first_at: datetime | None) -> str:
    match entry:
        case Outcome(outcome=OutcomeKind.IDENTIFIED):
            return ""  # the row's tag says it, and the line before why
        case Outcome(outcome=OutcomeKind.ALREADY_IDENTIFIED, reason=IssuedElsewhere.kind):
            return texts("story.already_elsewhere")
        case Outcome(outcome=OutcomeKind.ALREADY_IDENTIFIED, list_number=number):
            if first_at is None or number is None:
                return texts("story.already_before")
            number_words = texts.list_number(number)
            return texts("story.already", time=texts.time(first_at), number=number_words)
        case Outcome(outcome=OutcomeKind.REFUSED, reason="other_voter" | "struck_off" as reason):
            return texts(f"story.outcome.{reason}")
        case Outcome(outcome=outcome):
            return texts(f"story.outcome.{outcome.value}")
        case CommissionDecision(decision=decision, reason=reason, member=member):
            why = texts(f"story.reason.{reason.value}")
            who = people.get(member, member)
            return texts(f"story.decided.{decision.value}", member=who, reason=why)
        case OutcomeVoided(reason=reason, member=member):
            why = texts(f"void.reason.{reason.value}")
            return texts("story.voided", member=people.get(member, member), reason=why)
        case StopDecided(finding=finding, member=member):
            what = texts(f"stop.finding.{finding.value}")
            return texts("story.stop_decided", member=people.get(member, member), finding=what)
        case SlipPrinted():
            return _slip_words(texts, entry)
        case SessionStarted():
            return ""
        case _:
            return _device_words(texts, entry) or texts(f"story.{entry.kind}")


def _device_words(texts: Texts, entry: Entry) -> str:
    """The face, its camera and the voter's display, empty where a kind's own words say it."""
    match entry:
        case FaceTry(failed=FaceFailure() as failed):
            return texts(f"story.face_failed.{failed.value}")
        case FaceCompared(operator_same=False):
            return texts("story.face_compared.differs")
        case FaceCompared(machine_same=None | False):
            return texts("story.face_compared.disagrees")
        case FacesProposed(proposed=proposed):
            return texts("story.faces_proposed", number=texts.number(proposed))
        case DeviceLost(device="camera"):
            return texts("story.camera_lost")
        case DeviceReturned(device="camera"):
            return texts("story.camera_returned")
        case DeviceLost(device="voter_display"):
            return texts("story.display_lost")
        case DeviceReturned(device="voter_display"):
            return texts("story.display_returned")
        case _:
            return ""


def _slip_words(texts: Texts, entry: SlipPrinted) -> str:
    if entry.to is PrintedTo.FOLDER:
        return texts("story.slip_saved")
    if entry.copies == 1:
        return texts("story.slip")
    return texts("story.slip_copy", number=entry.copies)


_WIDTH, _PHOTO = 306, 105
_TIME_WIDTH = 70
_LEAST = 44


class StoryPanel(QWidget):
    """Shows a `StoryView`, or what to do to see one; `void_pressed` carries the entry."""

    void_pressed = Signal(int)

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self._view: StoryView | None = None
        self._inside: QWidget | None = None
        self.setFixedWidth(style.px(_WIDTH))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        panel = card(style)
        around.addWidget(panel)
        self._column = QVBoxLayout(panel)
        self._column.setContentsMargins(*[style.px(side) for side in (20, 16, 20, 16)])
        self._fill()

    def show_story(self, view: StoryView | None) -> None:
        """Show the story of another row, or none."""
        if view != self._view:
            self._view = view
            self._fill()

    def ask_void(self) -> None:
        """As if the button were pressed, where there is one."""
        if self._view is not None and self._view.may_void:
            self.void_pressed.emit(self._view.row.number)

    def _fill(self) -> None:
        if self._inside is not None:
            self._column.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        style, colours = self._look, self._look.colours
        if self._view is None:
            hint = TextBlock(self._texts("log.choose"), style.text(17), colours.ink3)
            column.addWidget(hint)
            column.addStretch(1)
        else:
            self._add_person(column, self._view)
            self._add_story(column, self._view)
            self._add_void(column, self._view)
        self._column.addWidget(self._inside)
        self._inside.show()

    def _add_person(self, column: QVBoxLayout, view: StoryView) -> None:
        style, colours, texts = self._look, self._look.colours, self._texts
        if view.row.list_number is not None:
            column.addLayout(self._head(view))
            column.addSpacing(style.px(10))
        name = view.name or self._nobody(view)
        column.addWidget(ListedText(name, style.display(22, 700), colours.ink, line_height=1.15))
        column.addSpacing(style.px(8))
        words = texts(f"log.result.{view.row.result.value}")
        if view.row.result is RowResult.IDENTIFIED and view.row.method is not Method.NONE:
            words = texts(f"log.by.{view.row.method.value}")
        tags = QHBoxLayout()
        tags.addWidget(ResultTag(style, view.row.result, words))
        column.addLayout(tags)
        column.addSpacing(style.px(10))

    def _nobody(self, view: StoryView) -> str:
        if view.row.list_number is not None:
            return self._texts("log.not_on_this_list_now")
        return self._texts("log.nobody_named")

    def _head(self, view: StoryView) -> QHBoxLayout:
        style, colours, texts = self._look, self._look.colours, self._texts
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        photo = PhotoView(
            style,
            view.portrait,
            view.sex,
            height=_PHOTO,
            name=texts("voter.photo"),
            no_photo=texts("voter.no_photo"),
            is_small=True,
        )
        photo.setFixedSize(style.px(_PHOTO * 4 // 5), style.px(_PHOTO))
        row.addWidget(photo)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(TextBlock("№", style.text(16), colours.ink3, line_height=1.1, wrap=False))
        number = f"{view.row.list_number:04d}"
        block = TextBlock(
            number, style.display(42, 700), colours.ink, line_height=1.05, smallest_px=style.px(20)
        )
        block.setAccessibleName(f"{texts('voter.list_number')} {number}")
        words.addWidget(block)
        if view.page:
            place = texts("log.page_line", page=view.page, line=view.line)
            small = style.px(12)
            words.addWidget(TextBlock(place, style.text(15), colours.ink3, smallest_px=small))
        words.addStretch(1)
        row.addLayout(words, 1)
        return row

    def _add_story(self, column: QVBoxLayout, view: StoryView) -> None:
        style, colours = self._look, self._look.colours
        column.addWidget(Line(colours.line))
        column.addSpacing(style.px(10))
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, style.px(4), 0)
        grid.setHorizontalSpacing(style.px(8))
        grid.setVerticalSpacing(style.px(5))
        grid.setColumnMinimumWidth(0, style.grown.px(_TIME_WIDTH))
        grid.setColumnStretch(1, 1)
        told = story_words(self._texts, view.lines, view.people, view.first_at)
        top = Qt.AlignmentFlag.AlignTop
        for place, (at, words) in enumerate(told):
            time = TextBlock(f"{at:%H:%M:%S}", style.text(15), colours.ink3, wrap=False)
            grid.addWidget(time, place, 0, top)
            line = TextBlock(words, style.text(15, 500), colours.ink, line_height=1.3)
            line.setAccessibleName(f"{at:%H:%M:%S} {words}")
            grid.addWidget(line, place, 1, top)
        is_session = view.row.method is not Method.NONE
        if view.may_void or (view.row.result is RowResult.VOIDED and is_session):
            # Below the story, not beside the button: a low screen has no room for both.
            note = TextBlock(
                self._texts("log.void_note"), style.text(15), colours.ink3, line_height=1.3
            )
            grid.addWidget(note, len(told), 0, 1, 2, top)
        grid.setRowStretch(len(told) + 1, 1)
        if style.is_large:
            column.addWidget(inside, 1)
        else:
            column.addWidget(_Scrolled(inside, style, self._texts("log.story")), 1)

    def _add_void(self, column: QVBoxLayout, view: StoryView) -> None:
        if not view.may_void:
            return
        style = self._look
        column.addSpacing(style.px(10))
        words = self._texts("log.void")
        button = ActionButton(words, style, icon="ph.prohibit", key="Del", danger=True)
        button.clicked.connect(lambda _checked=False: self.ask_void())
        column.addWidget(button)


class _Scrolled(QScrollArea):
    """A story that may be longer than the panel; it takes the keyboard only then."""

    def __init__(self, inside: QWidget, style: Style, name: str) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setProperty("focus_radius", style.px(4))
        self.setMinimumHeight(style.px(_LEAST))
        self.setStyleSheet(scroll_bar_sheet(style))
        self.viewport().setAutoFillBackground(False)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)


REASONS: Sequence[VoidReason] = tuple(VoidReason)


class VoidDialog(TwoPersonDialog):
    """Asks why; there is no choice made before. The operator at the desk agrees by being
    there, the member types a passphrase. `agreed_to` carries entry, reason and persons."""

    agreed_to = Signal(int, VoidReason, tuple)

    def __init__(
        self, host: QWidget, texts: Texts, style: Style, story: StoryView, act: CommissionAct
    ) -> None:
        self._words, self._entry = texts, story.row.number
        number = story.row.list_number
        assert number is not None, "only a voter's identification is made void"
        members = act.who_may(Operation.VOID)[1]
        self.reasons = RadioRows(style, [texts(f"decide.void.{one.value}") for one in REASONS])
        super().__init__(
            host,
            texts,
            style,
            title=texts("void.title"),
            line=f"{texts.list_number(number)} · {story.row.name}",
            width=900,
            keys=(DeskKey.BACK, DeskKey.MAKE_VOID),
            confirm=DeskKey.MAKE_VOID,
            help_pages=("void",),
            places=(SignPlace(texts("void.member"), members),),
            act=act,
            operation=Operation.VOID,
        )
        ink = style.colours.ink
        self.body.addWidget(TextBlock(texts("void.why"), style.text(18, 600), ink))
        self.body.addWidget(self.reasons)
        self.body.addWidget(self.sign)
        self.reasons.changed.connect(self.refresh_keys)
        self.refresh_keys()

    def open(self) -> None:
        """Show, with the keyboard on the reasons."""
        super().open()
        self.reasons.take_focus()

    def why_not(self) -> str:
        """What is missing: first of all the reason."""
        return self._words("void.no_reason") if self.reasons.chosen is None else super().why_not()

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """They agree: tell what to."""
        place = self.reasons.chosen
        assert place is not None, "the key is dead without a reason"
        self.hide()
        self.agreed_to.emit(self._entry, REASONS[place], persons)
