"""Every state of the lessons' window with invented people, by the name of its picture."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.entry_codes import DocumentSeen
from station_app.domain.exam_sheet import ExamCase, ExamError, ExamFault, ExamLine, ExamSheet
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import RetryReason
from station_app.synthetic.presets import Preset
from station_app.training.actions import Action, LayFinger, PlugScanner, Sit
from station_app.training.coach import (
    LessonResult,
    LessonView,
    PersonCard,
    RowState,
    StepRow,
    WrongStep,
)
from station_app.training.exam_view import ExamCard, ExamView, ShownDocument
from station_app.training.lesson import Audience, Lesson
from station_app.training.lesson_file import shipped_lessons
from station_app.training.sentences import Sentence
from station_app.ui.operator.capture import CaptureView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.notice import ScannerUnpluggedView
from station_app.ui.operator.page import View
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.views import DayView
from station_app.ui.texts import Texts
from station_app.ui.training.exam_page import EXAM, ExamSheetView, ExamStartView
from station_app.ui.training.exam_panel import ExamPanel
from station_app.ui.training.leave_dialog import LeaveDialog
from station_app.ui.training.lesson_list import LessonList
from station_app.ui.training.lesson_panel import LessonPanel
from station_app.ui.training.lesson_window import LessonWindow
from tests.ui.samples.desk import FingerSource, sample_commission, show_sample
from tests.ui.samples.faces import DRAWN, Faces
from tests.ui.samples.invented import invented

RIGHT_INDEX = FingerPosition.RIGHT_INDEX
_OFFERS: tuple[Action, ...] = (LayFinger(RIGHT_INDEX), LayFinger(RIGHT_INDEX, Preset.DRY))
_DAY = DayView(12, 300)


def lesson_states(
    language: str,
    finger: FingerSource,
    size: QSize,
    faces: Faces = DRAWN,
    appearance: Appearance = STANDARD,
) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the window that shows it, until the next is asked for."""
    room = LessonList(language=language, moving=False, appearance=appearance)
    window = LessonWindow(room)
    window.resize(size)
    lessons = shipped_lessons()
    yield from _lists(window, lessons)
    yield from _exams(window, language)
    yield from _lessons(window, lessons, language, finger)
    yield from _examined(window, language, finger, faces)
    window.hide()
    window.deleteLater()


def _lists(window: LessonWindow, lessons: tuple[Lesson, ...]) -> Iterator[tuple[str, QWidget]]:
    room, operator = window.room, [one for one in lessons if one.audience is Audience.OPERATOR]
    results = {
        operator[0].id: _result(operator[0]),
        operator[1].id: replace(_result(operator[1]), wrong={"next": 2}),
        operator[2].id: replace(_result(operator[2]), steps_done=1),
    }
    room.show_lessons(lessons, results)
    window.show_list()
    for audience in Audience:
        room.go_to_lesson(audience)
        yield f"lessons-{audience.value}", window


def _exams(window: LessonWindow, language: str) -> Iterator[tuple[str, QWidget]]:
    room = window.room
    room.show_view(EXAM, ExamStartView())
    room.go_to(EXAM)
    yield "exam-start", window
    sheet = sample_sheet(language)
    kept = Sentence("exam.kept", {"stick": "KINGSTON"})
    room.show_view(EXAM, ExamSheetView(sheet, kept))
    yield "exam-sheet", window
    left = replace(sheet, lines=sheet.lines[:3])
    failed = Sentence("exam.not_printed")
    room.show_view(EXAM, ExamSheetView(left, failed, is_bad=True))
    yield "exam-left", window


def _lessons(
    window: LessonWindow, lessons: tuple[Lesson, ...], language: str, finger: FingerSource
) -> Iterator[tuple[str, QWidget]]:
    desk = _desk(window, language)
    panel = LessonPanel(language, moving=False)
    panel.set_place(2, 18)
    window.show_stage(_stage(desk), panel)
    for state, (view, shown) in sample_lessons(lessons, language).items():
        show_sample(desk, shown, finger, language)
        panel.show_view(view)
        yield state, window
    panel.press_escape()
    yield "lesson-leaving", window
    over = sample_over(lessons, language)
    show_sample(desk, ReadyView(RIGHT_INDEX, _DAY), finger, language)
    panel.show_view(over)
    window.end_stage()
    dry = _lesson(lessons, "dry_finger")
    panel.show_result(replace(_result(dry), wrong={"next": 2}, shown=1), has_next=True)
    yield "lesson-over", window


def _examined(
    window: LessonWindow, language: str, finger: FingerSource, faces: Faces
) -> Iterator[tuple[str, QWidget]]:
    desk = _desk(window, language)
    panel = ExamPanel(language, moving=False)
    window.show_stage(_stage(desk), panel)
    show_sample(desk, ReadyView(RIGHT_INDEX, _DAY), finger, language)
    for state, view in sample_exams(language, faces).items():
        panel.show_view(view)
        if view.is_preparing:
            window.cover(Texts(language)("exam.preparing"), locks=True)
        yield state, window
        window.uncover()
    window.ask(LeaveDialog(window, window.room.texts, window.style_in_use))
    yield "exam-leaving", window


def sample_lessons(
    lessons: tuple[Lesson, ...], language: str
) -> dict[str, tuple[LessonView, View]]:
    """What panel and desk show, by the name of the picture."""
    ready = ReadyView(RIGHT_INDEX, _DAY)
    again = TryAgainView(FingerPosition.RIGHT_INDEX, RetryReason.TOO_DRY, attempt=2, tries=4)
    person = _person(language)
    dry = _lesson(lessons, "dry_finger")
    wrong = WrongStep(
        Sentence("step.cancel"), dry.steps[1].sentence(), "try_again", Sentence("wrong.go_back")
    )
    unplugged = _lesson(lessons, "scanner_unplugged")
    at = next(at for at, step in enumerate(unplugged.steps) if isinstance(step.do, PlugScanner))
    longest = max(lessons, key=lambda one: len(one.steps))
    first = _view(dry, 0, person, _OFFERS)
    return {
        "lesson-first": (replace(first, happened=(Sentence("happen.comes"),)), ready),
        "lesson-dry": (_view(dry, 1, person, _OFFERS), again),
        "lesson-wrong": (
            replace(_view(dry, 1, person, _OFFERS), wrong=wrong, can_go_back=True), again
        ),
        "lesson-nobody": (
            _view(unplugged, at, None, (PlugScanner(), *_OFFERS)),
            ScannerUnpluggedView(_DAY, None, in_session=False),
        ),
        "lesson-long": (_view(longest, len(longest.steps) - 2, person, (*_OFFERS, Sit())), ready),
        "lesson-busy": (
            replace(_view(dry, 1, person, _OFFERS), is_busy=True),
            CaptureView(RIGHT_INDEX, attempt=2, tries=4),
        ),
    }  # fmt: skip


def sample_over(lessons: tuple[Lesson, ...], language: str) -> LessonView:
    """A lesson that is done."""
    dry = _lesson(lessons, "dry_finger")
    return replace(_view(dry, len(dry.steps), _person(language), ()), is_over=True)


def sample_exams(language: str, faces: Faces = DRAWN) -> dict[str, ExamView]:
    """What the exam's panel shows, by the name of the picture."""
    surname, given, _ = invented(language).voter
    document = ShownDocument(DocumentSeen.PASSPORT, "2" * 14, f"{surname} {given}")
    card = ExamCard(faces.photo("f"), "f", 34, document, Sentence("exam.says.hurt"))
    return {
        "exam-preparing": ExamView(0, 20, is_preparing=True),
        "exam-nobody": ExamView(0, 20, may_call=True, is_free=True),
        "exam-voter": ExamView(4, 20, card, may_call=True),
        "exam-last": ExamView(
            20, 20, ExamCard(b"", "m", 61, None, Sentence("exam.says.no_document")),
            may_call=True, is_free=True, is_last=True,
        ),
    }  # fmt: skip


def _view(
    lesson: Lesson, at: int, person: PersonCard | None, offers: tuple[Action, ...]
) -> LessonView:
    rows = tuple(
        StepRow(
            step.sentence(),
            RowState.DONE if place < at else RowState.CURRENT if place == at else RowState.WAITING,
        )
        for place, step in enumerate(lesson.steps)
    )
    return LessonView(
        number=at + 1, of=len(rows), title=lesson.title, why=lesson.why, rows=rows,
        tip=lesson.tip, person=person, offers=offers, can_go_back=at > 0,
    )  # fmt: skip


def _lesson(lessons: tuple[Lesson, ...], known: str) -> Lesson:
    return next(one for one in lessons if one.id == known)


def _result(lesson: Lesson) -> LessonResult:
    steps = len(lesson.steps)
    return LessonResult(lesson.id, steps, steps, {}, 0, 40.0)


def _person(language: str) -> PersonCard:
    surname, given, _ = invented(language).voter
    return PersonCard(f"{surname} {given}", "2" * 14, Sentence("lesson.dry_finger.says.first"))


def sample_sheet(language: str) -> ExamSheet:
    errors = {4: (ExamError.GIVEN_UP,), 9: (ExamError.WRONG_REASON, ExamError.WRONG_DOCUMENT)}
    faults = {6: ExamFault.SCANNER_OUT, 12: ExamFault.PAPER_OUT}
    cases = tuple(ExamCase)
    return ExamSheet(
        seed=417,
        begun=datetime(2026, 11, 29, 9, 14, tzinfo=UTC),
        language=language,
        voters=20,
        lines=tuple(
            ExamLine(
                number, cases[number % len(cases)], 14.0 + number * 7 % 40,
                errors.get(number, ()), faults.get(number),
            )
            for number in range(1, 21)
        ),
    )  # fmt: skip


def _desk(window: LessonWindow, language: str) -> OperatorDesk:
    desk = OperatorDesk(language=language, moving=False, appearance=window.appearance)
    desk.set_commission(sample_commission())
    desk.set_has_room()
    return desk


def _stage(desk: OperatorDesk) -> QStackedWidget:
    stage = QStackedWidget()
    stage.addWidget(desk)
    return stage
