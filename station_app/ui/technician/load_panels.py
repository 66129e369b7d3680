"""The right of the loading screen: the file, and expected against loaded."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.snapshots import LoadStep
from station_app.ui.style import Style
from station_app.ui.technician.loading import (
    ChoosingView,
    LoadingView,
    LoadOutcome,
    LoadView,
    SnapshotFacts,
    StepView,
)
from station_app.ui.texts import Texts, fault_lines
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.icons import USB, IconView
from station_app.ui.widgets.step_timeline import StepRow, StepState
from station_app.ui.widgets.text_block import TextBlock

COUNTS = ("voters", "fingers", "faces", "portraits", "bad_rows")
"""The counts in the table, in its order."""


def step_rows(texts: Texts, view: LoadingView) -> list[StepRow]:
    """Title and proof of every step."""
    return [
        StepRow(
            title=_title(texts, view, step),
            line=_line(texts, view, step),
            state=step.state,
            fraction=step.fraction,
        )
        for step in view.steps
    ]


def _title(texts: Texts, view: LoadingView, step: StepView) -> str:
    if step.state is StepState.FAILED:
        return fault_lines(texts, view.code)[0]
    key = "step" if step.state is StepState.DONE else "todo"
    return texts(f"load.{key}.{step.step.value}")


def _line(texts: Texts, view: LoadingView, step: StepView) -> str:
    if step.state is StepState.FAILED:
        return fault_lines(texts, view.code)[1]
    if step.state is StepState.RUNNING and step.fraction is not None:
        return _progress(texts, view, step)
    if step.state is StepState.DONE:
        return _proof(texts, view, step.step)
    return texts(f"load.wait.{step.step.value}")


def _progress(texts: Texts, view: LoadingView, step: StepView) -> str:
    if view.outcome is LoadOutcome.STOPPING:
        return texts("load.stopping")
    size, of = texts.size(step.done), texts.size(step.of)
    if step.left_s is None:
        return texts("load.progress", done=size, of=of)
    return texts("load.progress_left", done=size, of=of, left=texts.seconds(step.left_s))


def _proof(texts: Texts, view: LoadingView, step: LoadStep) -> str:
    facts = view.facts
    if step is LoadStep.FOUND:
        found = view.found
        return texts(
            "load.proof.found",
            size=texts.size(found.size),
            date=texts.date(found.written),
            time=texts.time(found.written),
        )
    if facts is None:
        return texts(f"load.wait.{step.value}")
    if step is LoadStep.SIGNED:
        return texts("load.proof.signed", issuer=facts.issuer)
    if step is LoadStep.FOR_US:
        return texts("load.proof.for_us", precinct=facts.precinct)
    if step is LoadStep.NEWER:
        since, until = texts.date(facts.valid_from), texts.date(facts.valid_to)
        return texts("load.proof.newer", number=facts.sequence, since=since, until=until)
    return texts(f"load.proof.{step.value}")


def list_line(texts: Texts, facts: SnapshotFacts) -> str:
    """A list in one line: its number, its date, its voters."""
    return texts(
        "load.list_line",
        number=facts.sequence,
        date=texts.date(facts.created),
        voters=texts.number(facts.counts["voters"]),
    )


_DASH = "–"


class SidePanels(QWidget):
    """Two cards, and below them what to do with them."""

    def __init__(self, texts: Texts, style: Style, view: LoadView) -> None:
        super().__init__()
        self._texts, self._style = texts, style
        self._size: TextBlock | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(16))
        if isinstance(view, ChoosingView):
            column.addWidget(self._loaded_card(view.loaded))
            column.addStretch(1)
        else:
            column.addWidget(self._file_card(view))
            column.addWidget(self._counts_card(view), 1)

    def update_size(self, view: LoadingView) -> None:
        """Write how much of the list is here."""
        if self._size is not None:
            self._size.setText(self._loaded_size(view))

    def _loaded_card(self, loaded: SnapshotFacts | None) -> Panel:
        texts, style = self._texts, self._style
        panel, column = self._card()
        title = texts("load.now") if loaded else texts("load.now_none")
        line = list_line(texts, loaded) if loaded else texts("load.now_none_line")
        self._head(column, "ph.database", title, line)
        if loaded is not None:
            self._facts(column, loaded)
            column.addSpacing(style.px(14))
            self._note(column, texts("load.stays"))
        return panel

    def _file_card(self, view: LoadingView) -> Panel:
        texts = self._texts
        panel, column = self._card()
        facts = view.facts
        title = view.found.path.name
        if facts is not None:
            title = f"{facts.election} / {facts.precinct}"
        medium = texts("load.medium", medium=view.found.medium)
        self._head(column, USB, title, medium)
        if facts is not None:
            self._facts(column, facts)
        return panel

    def _facts(self, column: QVBoxLayout, facts: SnapshotFacts) -> None:
        texts, style = self._texts, self._style
        column.addSpacing(style.px(14))
        column.addWidget(Line(style.colours.line))
        column.addSpacing(style.px(12))
        date = texts.date(facts.created)
        self._pair(column, texts("load.issued"), f"{facts.issuer}, {date}")
        column.addSpacing(style.px(8))
        self._pair(column, texts("load.spoken"), facts.digits)
        if texts.record.reads_english:  # as the words are; digits are read in any language
            words = TextBlock(
                facts.words,
                style.text(15),
                style.colours.ink2,
                smallest_px=style.px(12),
                align=Qt.AlignmentFlag.AlignRight,
            )
            column.addWidget(words)

    def _counts_card(self, view: LoadingView) -> Panel:
        texts, style, colours = self._texts, self._style, self._style.colours
        panel, column = self._card(top=14)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(18))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        heads = ("load.count", "load.expected", "load.loaded")
        for place, key in enumerate(heads):
            block = TextBlock(texts(key), style.text(14, 600), colours.ink3, wrap=False)
            grid.addWidget(block, 0, place, _side(place))
        stored = _is_done(view, LoadStep.STORED) and view.outcome is not LoadOutcome.FAILED
        for row, count in enumerate(COUNTS, start=1):
            expected = _DASH
            if view.facts is not None:
                expected = texts.number(view.facts.counts.get(count, 0))
            loaded = expected if stored else _DASH
            self._row(grid, row, texts(f"load.count.{count}"), expected, loaded, done=stored)
        size = texts.size(view.facts.list_size) if view.facts else _DASH
        self._size = self._row(
            grid, len(COUNTS) + 1, texts("load.count.size"), size,
            self._loaded_size(view), done=stored,
        )  # fmt: skip
        column.addLayout(grid)
        column.addSpacing(style.px(12))
        self._note(column, self._advice(view))
        column.addStretch(1)
        return panel

    def _advice(self, view: LoadingView) -> str:
        texts = self._texts
        if view.outcome is LoadOutcome.DONE:
            return texts("load.done_note")
        if view.outcome is LoadOutcome.FAILED:
            kept = list_line(texts, view.loaded) if view.loaded else ""
            return texts("load.kept", list=kept) if kept else texts("load.kept_none")
        return texts("load.aloud")

    def _loaded_size(self, view: LoadingView) -> str:
        if _is_done(view, LoadStep.STORED) and view.facts:
            return self._texts.size(view.facts.list_size)
        copying = next(step for step in view.steps if step.step is LoadStep.COPIED)
        if copying.state is StepState.RUNNING and copying.done:
            return self._texts.size(copying.done)
        if copying.state is StepState.DONE and view.facts:
            return self._texts.size(view.facts.list_size)
        return _DASH

    def _row(
        self, grid: QGridLayout, row: int, name: str, expected: str, loaded: str, *, done: bool
    ) -> TextBlock:
        style, colours = self._style, self._style.colours
        grid.addWidget(Line(colours.row_line), 2 * row - 1, 0, 1, 4)
        blocks = [
            TextBlock(name, style.text(16), colours.ink, line_height=1.2),
            TextBlock(expected, style.text(16), colours.ink, wrap=False),
            TextBlock(
                loaded,
                style.text(16, 600),
                colours.ink,
                wrap=False,
                align=Qt.AlignmentFlag.AlignRight,
            ),
        ]
        for place, block in enumerate(blocks[:2]):
            grid.addWidget(block, 2 * row, place, _side(place))
        grid.addWidget(blocks[2], 2 * row, 2, Qt.AlignmentFlag.AlignVCenter)
        icon = "ph.check-circle-fill" if done else "ph.circle-dashed"
        sign = IconView(icon, style.px(21), colours.ok_ink if done else colours.ink3)
        grid.addWidget(
            sign, 2 * row, 3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        grid.setRowMinimumHeight(2 * row, style.px(36))
        grid.setRowMinimumHeight(0, style.px(30))
        return blocks[2]

    def _card(self, top: int = 20) -> tuple[Panel, QVBoxLayout]:
        panel = card(self._style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[self._style.px(side) for side in (24, top, 24, 18)])
        column.setSpacing(0)
        return panel, column

    def _head(self, column: QVBoxLayout, icon: str, title: str, line: str) -> None:
        style, colours = self._style, self._style.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(IconView(icon, style.px(44), colours.ink))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(
            TextBlock(title, style.text(18, 600), colours.ink, smallest_px=style.px(13))
        )
        words.addWidget(TextBlock(line, style.text(16), colours.ink3, line_height=1.35))
        row.addLayout(words, 1)
        column.addLayout(row)

    def _pair(self, column: QVBoxLayout, name: str, value: str) -> None:
        style, colours = self._style, self._style.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        label = TextBlock(name, style.text(16), colours.ink3, wrap=False)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        block = TextBlock(
            value,
            style.text(16, 600),
            colours.ink,
            align=Qt.AlignmentFlag.AlignRight,
        )
        row.addWidget(block, 1)
        column.addLayout(row)

    def _note(self, column: QVBoxLayout, text: str) -> None:
        style, colours = self._style, self._style.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        row.addWidget(IconView("ph.info", style.px(22), colours.ink3), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(TextBlock(text, style.text(15), colours.ink3, line_height=1.35), 1)
        column.addLayout(row)


def _side(place: int) -> Qt.AlignmentFlag:
    middle = Qt.AlignmentFlag.AlignVCenter
    return middle if place == 0 else middle | Qt.AlignmentFlag.AlignRight


def _is_done(view: LoadingView, step: LoadStep) -> bool:
    return any(one.step is step and one.state is StepState.DONE for one in view.steps)
