"""The left of screen 09: who the person says they are, and what the machine has tried."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ui.operator.verdict_bodies import voter_photo
from station_app.ui.operator.views import (
    CommissionReason,
    ManualShare,
    ManualView,
    PersonStage,
    VoterCard,
)
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Line, Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock

LEFT_WIDTH = 366
_PHOTO_HEIGHT = 156


class PersonColumn(QWidget):
    """Photo, list number and name of the document's voter; before that the field of the PIN."""

    pin_entered = Signal(str)

    def __init__(self, texts: Texts, style: Style, view: ManualView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self.field: PinField | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.px(6))
        if view.voter is not None:
            self._add_voter(view.voter)
        elif view.stage is PersonStage.ASK_PIN:
            self._add_field()
        else:
            self._column.addWidget(self._words("busy.looking_up", 20, style.colours.ink2))
        self._column.addSpacing(style.px(8))
        self._column.addWidget(Line(style.colours.line))
        self._column.addSpacing(style.px(4))
        if view.reason is CommissionReason.MARKED:
            self._add_warning(texts("commission.marked"))
        else:
            self._add_fact(texts("manual.tried"), self._tried(view))
        self._add_share(view.share)

    def _words(self, key: str, px: int, ink: str, weight: int = 400) -> TextBlock:
        return TextBlock(self._texts(key), self._look.text(px, weight), ink)

    def _add_voter(self, voter: VoterCard) -> None:
        texts, style, colours = self._texts, self._look, self._look.colours
        head = QHBoxLayout()
        head.setSpacing(style.px(16))
        photo = voter_photo(texts, style, voter.portrait, voter.sex, _PHOTO_HEIGHT)
        head.addWidget(photo, 0, Qt.AlignmentFlag.AlignTop)
        number = QVBoxLayout()
        number.setSpacing(0)
        name = texts("voter.list_number")
        number.addWidget(TextBlock(name, style.text(17), colours.ink3, wrap=False))
        digits = f"{voter.list_number:04d}"
        number.addWidget(
            TextBlock(digits, style.display(46, 800), colours.ink, line_height=1.1, wrap=False)
        )
        place = texts("voter.page_line", page=voter.page, line=voter.line)
        number.addWidget(TextBlock(place, style.text(16), colours.ink3, wrap=False))
        number.addStretch(1)
        head.addLayout(number, 1)
        self._column.addLayout(head)
        self._column.addSpacing(style.px(8))
        born = texts("voter.born_f") if voter.sex == "f" else texts("voter.born_m")
        for words, font, ink in (
            (voter.surname, style.display(26, 700), colours.ink),
            (voter.given_names, style.display(20, 600), colours.ink2),
            (f"{born} {voter.born}", style.text(17), colours.ink3),
        ):
            smallest = style.px(14)
            self._column.addWidget(
                TextBlock(words, font, ink, line_height=1.2, smallest_px=smallest)
            )

    def _add_field(self) -> None:
        style, colours = self._look, self._look.colours
        self._column.addWidget(self._words("pin.title", 20, colours.ink, 600))
        self._hint = self._words("manual.pin_hint", 16, colours.ink3)
        self._column.addWidget(self._hint)
        self._column.addSpacing(style.px(6))
        self.field = PinField(style, self._texts("pin.name"))
        self._column.addWidget(self.field)
        self.field.submitted.connect(self.pin_entered)
        self.field.incomplete.connect(self._say_short)

    def _say_short(self) -> None:
        self._hint.setText(self._texts("pin.short"))
        self._hint.set_ink(self._look.colours.stop)

    def _tried(self, view: ManualView) -> str:
        if view.tries == 0:
            return self._texts("manual.tried.none")
        kind = {
            CommissionReason.NO_MATCH: "no_match",
            CommissionReason.UNREADABLE: "unreadable",
            CommissionReason.OTHER_VOTER: "other_voter",
            CommissionReason.CALLED: "so_far",
        }[view.reason]
        return self._texts(f"manual.tried.{kind}", tries=view.tries)

    def _add_fact(self, name: str, value: str) -> None:
        style, colours = self._look, self._look.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        row.addWidget(TextBlock(name, style.text(16), colours.ink3, wrap=False))
        right = Qt.AlignmentFlag.AlignRight
        words = TextBlock(
            value, style.text(16, 600), colours.ink, align=right, smallest_px=style.px(13)
        )
        row.addWidget(words, 1)
        self._column.addLayout(row)

    def _add_share(self, share: ManualShare) -> None:
        texts, style, colours = self._texts, self._look, self._look.colours
        words = texts(
            "manual.share",
            percent=texts.percent(share.by_commission, share.identified),
            alarm=texts.number(share.alarm_percent),
        )
        if share.is_over:
            self._add_warning(words)
            return
        self._column.addWidget(
            TextBlock(words, style.text(16), colours.ink3, smallest_px=style.px(13))
        )

    def _add_warning(self, words: str) -> None:
        style, colours = self._look, self._look.colours
        block = TextBlock(
            words, style.text(16, 600), colours.on_warn_soft, smallest_px=style.px(13)
        )
        alarm = Panel(colours.warn_soft, radius=style.px(8))
        row = QHBoxLayout(alarm)
        row.setContentsMargins(style.px(10), style.px(4), style.px(10), style.px(4))
        row.setSpacing(style.px(8))
        row.addWidget(IconView("ph.warning-fill", style.px(19), colours.on_warn_soft))
        row.addWidget(block, 1)
        self._column.addWidget(alarm)
