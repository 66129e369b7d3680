"""Verdicts: how a session ended, once that is written."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.entry_codes import BallotPlace, Method, OutcomeKind, StopFinding
from station_app.domain.session_states import Verdict
from station_app.ui.operator.page import StateContext, StatePage, View
from station_app.ui.operator.verdict_page import VerdictBand, VerdictView
from station_app.ui.operator.views import DeskParts, VoterCard
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Panel, Step, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.large_text import add_picture
from station_app.ui.widgets.photo_view import PhotoView
from station_app.ui.widgets.text_block import ListedText, TextBlock

PHOTO_HEIGHT = 340
LARGE_TEXT_PHOTO = 240
STOP_PHOTO_HEIGHT = 294
CARD_HEIGHT = 344


class VoterVerdict(VerdictView):
    """The screen of an identified voter."""

    __slots__ = ()
    voter: VoterCard
    by_commission: bool
    band: ClassVar = VerdictBand.IDENTIFIED

    def line(self, texts: Texts, *, has_slip: bool, has_gap: bool = False) -> str:
        if has_gap and self.has_slip_row:
            return texts("verdict.identified.line_gap")
        if self.by_commission:
            return texts("verdict.identified.line_commission")
        if not self.voter.portrait:
            return texts("verdict.identified.line_no_photo")
        is_handed = has_slip and self.has_slip_row
        return texts("verdict.identified.line_slip" if is_handed else "verdict.identified.line")

    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        return _identified(texts, style, self.voter, slip_row)

    def announcement(self, texts: Texts) -> str:
        voter = self.voter
        return texts(
            "verdict.identified.announce",
            name=f"{voter.surname} {voter.given_names}",
            number=f"{voter.list_number:04d}",
        )

    def goes_on(self, before: View | None) -> bool:
        return isinstance(before, VoterVerdict) and before.voter == self.voter


@dataclass(frozen=True, slots=True)
class IdentifiedView(VoterVerdict):
    """The voter is identified and the entry is durable."""

    voter: VoterCard
    by_commission: bool = False
    help_page: ClassVar = "identified"
    names_devices: ClassVar = True
    has_slip_row: ClassVar = True

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        wrong = DeskKey.MISMATCH if self.voter.portrait else DeskKey.OTHER_PERSON
        return (DeskKey.HELP, wrong, *parts.slip_keys, DeskKey.NEXT)


@dataclass(frozen=True, slots=True)
class MismatchView(VoterVerdict):
    """The commission looks at the photo of a voter just identified; `ticket` goes back with the
    answer.
    """

    ticket: int
    voter: VoterCard
    by_commission: bool = False
    help_page: ClassVar = "mismatch"


class StopVerdict(VerdictView):
    """The screen of a voter who was identified before."""

    __slots__ = ()
    stop: "StopFacts"
    band: ClassVar = VerdictBand.ALREADY

    def line(self, texts: Texts, *, has_slip: bool, has_gap: bool = False) -> str:
        return texts(
            "verdict.already.line" if self.stop.place is None else "verdict.already.elsewhere"
        )

    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        return _already(texts, style, self.stop, None)

    def goes_on(self, before: View | None) -> bool:
        return isinstance(before, StopVerdict) and before.stop == self.stop


@dataclass(frozen=True, slots=True)
class StopFacts:
    """What is told of a voter identified earlier today at this precinct, at `first_time`.

    `sex` is empty where the voter's record is not shown: the STOP is looked at again. `place` is
    where a ballot was taken to the voter, as written down at that time; None for an identification.
    """

    first_time: str
    list_number: int
    sex: str = ""
    portrait: bytes = b""
    place: BallotPlace | None = None


@dataclass(frozen=True, slots=True)
class AlreadyView(StopVerdict):
    """The voter was identified before; `found` is what the commission has written about it."""

    stop: StopFacts
    found: StopFinding | None = None

    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        return _already(texts, style, self.stop, self.found)

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        if self.found is None:
            return (DeskKey.HELP, DeskKey.STOP_LOOK, *parts.call_keys, DeskKey.GO_ON)
        return (DeskKey.HELP, DeskKey.NEXT)

    @property
    def own_help(self) -> tuple[str, ...]:
        return ("already" if self.found is None else "stop_decided",)

    def goes_on(self, before: View | None) -> bool:
        """What was found is news, also right after the dialog in which it was signed."""
        return self.found is None and StopVerdict.goes_on(self, before)


@dataclass(frozen=True, slots=True)
class StopLookView(StopVerdict):
    """The commission looks at who was stopped; `ticket` goes back with the answer."""

    ticket: int
    stop: StopFacts
    help_page: ClassVar = "stop_decided"


@dataclass(frozen=True, slots=True)
class NotOnListView(VerdictView):
    """Nobody on this list; `pin_given` says whether a document was looked up."""

    pin_given: bool
    help_page: ClassVar = "not_on_list"
    band: ClassVar = VerdictBand.NOT_ON_LIST

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        document = () if self.pin_given else (DeskKey.DOCUMENT,)
        return (DeskKey.HELP, *document, *parts.call_keys, DeskKey.NEXT)

    def line(self, texts: Texts, *, has_slip: bool, has_gap: bool = False) -> str:
        key = "line_document" if self.pin_given else "line"
        return texts(f"verdict.not_on_list.{key}")

    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        return _not_on_list(texts, style, self)


class CommissionReason(StrEnum):
    """Why people have to decide; never says anything about another voter."""

    NO_MATCH = "no_match"
    UNREADABLE = "unreadable"
    OTHER_VOTER = "other_voter"
    MARKED = "marked"
    STRUCK_OFF = "struck_off"
    CALLED = "called"
    FACE_FAILED = "face_failed"
    FACE_NO_MATCH = "face_no_match"
    FACE_PROPOSES = "face_proposes"
    CAMERA_LOST = "camera_lost"
    NO_FINGERS = "no_fingers"


class CommissionVerdict(VerdictView):
    """The screen that sends a person to the commission."""

    __slots__ = ()
    reason: CommissionReason
    band: ClassVar = VerdictBand.COMMISSION

    def line(self, texts: Texts, *, has_slip: bool, has_gap: bool = False) -> str:
        return texts(f"commission.{self.reason.value}")

    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        return _commission(texts, style)


@dataclass(frozen=True, slots=True)
class CommissionView(CommissionVerdict):
    """The session ended without a verdict of the station; the commission decides."""

    reason: CommissionReason
    help_page: ClassVar = "commission"

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        return (DeskKey.HELP, *parts.call_keys, DeskKey.GO_ON)


_REASONS = {
    "no_match": CommissionReason.NO_MATCH,
    "inadequate": CommissionReason.UNREADABLE,
    "other_voter": CommissionReason.OTHER_VOTER,
    "marked": CommissionReason.MARKED,
    "no_fingers": CommissionReason.NO_FINGERS,
    "struck_off": CommissionReason.STRUCK_OFF,
    "face_failed": CommissionReason.FACE_FAILED,
    "face_no_match": CommissionReason.FACE_NO_MATCH,
}


def _view(state: Verdict, now: StateContext) -> VerdictView:
    kind, voter = state.outcome.outcome, state.voter
    if kind is OutcomeKind.IDENTIFIED and voter is not None:
        voter_card = now.card(voter)
        by_commission = state.outcome.method is Method.COMMISSION
        if state.held:
            return MismatchView(state.ticket, voter_card, by_commission)
        return IdentifiedView(voter_card, by_commission)
    if state.is_stop and state.first_at and state.outcome.list_number is not None:
        shown = (voter.sex, voter.portrait) if voter else ("", b"")
        first, number = now.clock(state.first_at), state.outcome.list_number
        facts = StopFacts(first, number, *shown, state.place)
        return StopLookView(state.ticket, facts) if state.held else AlreadyView(facts, state.found)
    if kind is OutcomeKind.NOT_ON_LIST:
        return NotOnListView(pin_given=state.outcome.method is Method.PIN)
    return CommissionView(_REASONS.get(state.outcome.reason, CommissionReason.UNREADABLE))


PAGES: Final = (StatePage(Verdict, _view),)


def _row(style: Style, gap: int, height: int) -> tuple[QWidget, QHBoxLayout]:
    body = QWidget()
    body.setMaximumHeight(style.px(height))
    body.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(style.px(gap))
    return body, row


def _identified(texts: Texts, style: Style, voter: VoterCard, slip_row: QWidget | None) -> QWidget:
    body, row = _row(style, 32, PHOTO_HEIGHT)
    high = LARGE_TEXT_PHOTO if style.is_large else PHOTO_HEIGHT
    add_picture(row, style, voter_photo(texts, style, voter.portrait, voter.sex, high))
    column = QVBoxLayout()
    column.setSpacing(0)
    colours = style.colours
    column.addWidget(
        ListedText(
            voter.surname, style.display(50, 700, grows=False), colours.ink, line_height=1.06
        )
    )
    column.addSpacing(style.px(8))
    column.addWidget(
        ListedText(
            voter.given_names, style.display(36, 600, grows=False), colours.ink2, line_height=1.06
        )
    )
    column.addSpacing(style.px(12 if voter.ballots else 24))
    facts = QHBoxLayout()
    facts.setSpacing(style.px(36))
    born = texts("voter.born_f") if voter.sex == "f" else texts("voter.born_m")
    facts.addLayout(_fact(style, born, voter.born))
    facts.addLayout(_fact(style, texts("voter.address"), voter.address), 1)
    column.addLayout(facts)
    if voter.ballots:
        words = ballot_words(texts, voter)
        column.addSpacing(style.px(6))
        column.addWidget(TextBlock(words, style.text(16, 600), colours.ink, line_height=1.25))
    column.addStretch(1)
    if slip_row is not None:
        column.addWidget(slip_row)
    row.addLayout(column, 1)
    row.addWidget(_list_number_box(texts, style, voter))
    return body


_MOST_SHOWN: Final = 110
"""Characters of titles for which a screen has room: two lines; slips have any."""
_LONGEST_WORD: Final = 30
"""Characters of a title's word that fits beside photo and list number."""


def ballot_words(texts: Texts, voter: VoterCard) -> str:
    """The ballots this voter is due; their number where the titles need more room than there is."""
    titles = "; ".join(voter.ballots)
    longest = max(len(word) for title in voter.ballots for word in title.split(" "))
    if len(titles) <= _MOST_SHOWN and longest <= _LONGEST_WORD:
        return texts("voter.ballots", titles=titles)
    return texts("voter.ballots_many", number=texts.number(len(voter.ballots)))


def _fact(style: Style, name: str, value: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(TextBlock(name, style.text(17), style.colours.ink3, wrap=False))
    column.addWidget(ListedText(value, style.text(22, 600), style.colours.ink, line_height=1.35))
    column.addStretch(1)
    return column


def voter_photo(
    texts: Texts, style: Style, portrait: bytes, sex: str, height: int, *, small: bool = False
) -> PhotoView:
    """A voter's photo from the list, or the sign that there is none; `small`: without words."""
    return PhotoView(
        style,
        portrait,
        sex,
        height=height,
        name=texts("voter.photo"),
        no_photo=texts("voter.no_photo"),
        is_small=small,
    )


def _list_number_box(texts: Texts, style: Style, voter: VoterCard) -> Panel:
    colours = style.colours
    box = Panel(None, radius=style.px(20), border=colours.ink, border_width=style.px(4))
    box.setFixedWidth(style.px(312))
    box.setMaximumHeight(style.px(PHOTO_HEIGHT))
    column = QVBoxLayout(box)
    column.setSpacing(0)
    if not style.is_large:  # the digits are in sight first
        column.addStretch(1)
    number = f"{voter.list_number:04d}"
    place = texts("voter.page_line", page=voter.page, line=voter.line)
    for words, font, ink, line in (
        (texts("voter.list_number"), style.text(22, 600), colours.ink, 1.4),
        (number, style.display(108, 800, grows=False), colours.ink, 1.06),
        (place, style.text(20), colours.ink2, 1.4),
    ):
        smallest = style.px(44) if words is number else None
        block = TextBlock(
            words, font, ink, line_height=line, wrap=False, smallest_px=smallest,
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip
        column.addWidget(block)
        if words is number:
            column.insertSpacing(column.count() - 1, style.px(8))
            column.addSpacing(style.px(12))
    column.addStretch(1)
    return box


def _already(texts: Texts, style: Style, view: StopFacts, found: StopFinding | None) -> QWidget:
    body, row = _row(style, 40, STOP_PHOTO_HEIGHT)
    if view.sex:
        high = LARGE_TEXT_PHOTO if style.is_large else STOP_PHOTO_HEIGHT
        add_picture(row, style, voter_photo(texts, style, view.portrait, view.sex, high))
    facts = QWidget()
    facts.setFixedWidth(style.px(340))
    facts.setMaximumHeight(style.px(STOP_PHOTO_HEIGHT))
    column = QVBoxLayout(facts)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    caption, where = texts("already.time"), texts("already.this_precinct")
    if view.place is not None:
        caption, where = texts("already.written"), texts(f"already.place.{view.place.value}")
    ink, muted = style.colours.ink, style.colours.ink3
    for number, (name, value, font) in enumerate(
        (
            (caption, view.first_time, style.display(56, 700)),
            (texts("already.where"), where, style.display(31, 700)),
            (
                texts("voter.list_number"),
                texts.list_number(view.list_number),
                style.display(31, 700),
            ),
        )
    ):
        if number:
            column.addStretch(1)
        column.addWidget(TextBlock(name, style.text(19), muted, line_height=1.3, wrap=False))
        column.addWidget(TextBlock(value, font, ink, line_height=1.1, wrap=False))
    row.addWidget(facts)
    row.addWidget(
        steps_card(
            texts,
            style,
            _stop_steps(texts, found),
            height=STOP_PHOTO_HEIGHT,
        ),
        1,
    )
    return body


def _stop_steps(texts: Texts, found: StopFinding | None) -> tuple[tuple[str, str], ...]:
    no_ballot = ("ph.prohibit-fill", texts("step.no_ballot"))
    if found is None:
        return (
            no_ballot,
            ("ph.users-three-fill", texts("step.call_commission")),
            ("ph.chat-teardrop-text-fill", texts("step.say_commission")),
        )
    words = texts("stop.written", finding=texts(f"stop.finding.{found.value}"))
    written = ("ph.check-circle-fill", words)
    if found is StopFinding.SAME_PERSON:
        return written, no_ballot
    return written, no_ballot, ("ph.clipboard-text", texts("stop.void_first"))


def steps_card(
    texts: Texts, style: Style, steps: tuple[tuple[str, str], ...], *, height: int
) -> Panel:
    """The card with what to do now: icons and sentences."""
    colours = style.colours
    panel = card(style, border=colours.ink, border_width=3)
    panel.setMaximumHeight(style.px(height))
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(28), style.px(24), style.px(28), style.px(20))
    column.setSpacing(style.px(16))
    column.addWidget(TextBlock(texts("step.title"), style.text(23, 600), colours.ink, wrap=False))
    for icon, words in steps:
        sign = IconView(icon, style.px(28), colours.ink)
        text = TextBlock(words, style.text(24, 500), colours.ink, line_height=1.25)
        column.addWidget(Step(sign, text, style.px(16), centred=False))
    column.addStretch(1)
    return panel


def _quote_card(texts: Texts, style: Style, sentence: str, *, px: int) -> Panel:
    colours = style.colours
    panel = card(style, border=colours.ink, border_width=3)
    panel.setMaximumHeight(style.px(CARD_HEIGHT))
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(32), style.px(24), style.px(32), style.px(20))
    column.setSpacing(style.px(14))
    head = QHBoxLayout()
    head.setSpacing(style.px(12))
    head.addWidget(IconView("ph.chat-teardrop-text-fill", style.px(28), colours.ink))
    head.addWidget(
        TextBlock(texts("not_on_list.say_title"), style.text(20, 600), colours.ink, wrap=False),
        1,
    )
    column.addLayout(head)
    column.addWidget(TextBlock(sentence, style.display(px, 600), colours.ink, line_height=1.22))
    column.addStretch(1)
    return panel


def _not_on_list(texts: Texts, style: Style, view: NotOnListView) -> QWidget:
    body, row = _row(style, 28, CARD_HEIGHT)
    if view.pin_given:
        sentence = texts("not_on_list.say")
        steps = (
            ("ph.identification-card", texts("step.compare_pin")),
            ("ph.users-three-fill", texts("step.call_commission")),
        )
    else:
        sentence = texts("not_on_list.say_no_document")
        steps = (
            ("ph.identification-card", texts("step.ask_document")),
            ("ph.arrow-right", texts("step.type_pin")),
        )
    row.addWidget(_quote_card(texts, style, sentence, px=45 if view.pin_given else 40), 1)
    side = card(style)
    side.setFixedWidth(style.px(390))
    side.setMaximumHeight(style.px(CARD_HEIGHT))
    column = QVBoxLayout(side)
    column.setContentsMargins(style.px(28), style.px(26), style.px(28), style.px(26))
    column.setSpacing(style.px(18))
    column.addWidget(TextBlock(texts("step.title"), style.text(19), style.colours.ink3, wrap=False))
    for icon, words in steps:
        sign = IconView(icon, style.px(28), style.colours.ink)
        text = TextBlock(words, style.text(22, 500), style.colours.ink, line_height=1.3)
        column.addWidget(Step(sign, text, style.px(14), centred=False))
    column.addStretch(1)
    row.addWidget(side)
    return body


def _commission(texts: Texts, style: Style) -> QWidget:
    body, row = _row(style, 28, CARD_HEIGHT)
    colours = style.colours
    steps = card(style)
    column = QVBoxLayout(steps)
    column.setContentsMargins(style.px(32), style.px(26), style.px(32), style.px(26))
    column.setSpacing(style.px(22))
    column.addWidget(TextBlock(texts("step.title"), style.text(20, 600), colours.ink, wrap=False))
    for number, key in enumerate(("step.call_commission", "step.no_ballot"), start=1):
        sign = Badge(
            style,
            side=60,
            fill=colours.commission_soft,
            ink=colours.commission_ink,
            text=str(number),
        )
        words = TextBlock(texts(key), style.display(32, 700), colours.ink, line_height=1.16)
        column.addWidget(Step(sign, words, style.px(22)))
    column.addStretch(1)
    row.addWidget(steps, 1)
    quote = _quote_card(texts, style, texts("commission.say"), px=36)
    quote.setFixedWidth(style.px(500))
    row.addWidget(quote)
    return body
