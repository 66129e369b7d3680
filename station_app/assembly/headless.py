"""The demonstration without a window: the queue runs offscreen, and every end is judged."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from PySide6.QtCore import QTimer

from station_app.assembly.demo_desk import DemoChoice, OpenDemonstration, opened_demonstration
from station_app.assembly.endings import bugs_raised
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    State,
    Verdict,
    Voided,
)
from station_app.flow.runner import DeskObserver
from station_app.journal import VerifyReport, verify_journal
from station_app.synthetic.live_scenes import Sitting
from station_app.training.chair import Obedience
from station_app.training.image_people import summary_of
from station_app.training.player import Player
from station_app.training.script import QueuePerson, ShowFace, VisitResult
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.views import StationKind
from station_app.vault import Signer, StationFolder, load_key

_CAPTURE_S = 0.06
_PATIENCE_MS = 60_000
"""A person who takes longer than this is stuck: the run ends and says who is missing."""

_PICTURE = re.compile(
    rf"[0-9]{{2}}-({'|'.join(OutcomeKind)}|try_again_[0-9]|made_void|manual|face|broken)\.png"
)

_WIDTHS = (4, 30, 20, 24, 9, 8, 9)


def run_headless(demo: DemoChoice, as_json: bool = False) -> bool:
    """Run the whole queue and say a line a person, or one JSON object; True when all went right.

    With real images "as it should" means that nobody was taken for somebody else. Raises
    `KnownError` as `opened_demonstration` does, `picture_not_saved`, and the code of the fault that
    blocked the desk.
    """
    results: list[VisitResult] = []
    folder = StationFolder(demo.out / "station")
    with opened_demonstration(demo, folder, _CAPTURE_S, audible=False) as opened:
        window = StationWindow(opened.at.desk, None, StationKind.DEMO)
        window.resize(window.sizeHint())
        window.show()
        pictures = DemoPictures(opened, window, demo.out, take=demo.fingers is None)
        if not as_json:
            _say("#", "who", "expected", "verdict", "extract", "search", "journal (ms)")

        patience = QTimer()
        patience.setSingleShot(True)
        patience.timeout.connect(opened.at.app.quit)

        def on_result(result: VisitResult) -> None:
            patience.start(_PATIENCE_MS)
            results.append(result)
            if not as_json:
                _say_result(len(results), result)
            pictures.verdict(result)

        player = Player(
            opened.at.station.runner,
            opened.at.scanner,
            opened.at.bridge,
            opened.queue.people,
            on_result,
            opened.at.app.quit,
            begin=_draw_faces,
            chair=opened.at.chair,
        )
        opened.at.station.runner.observe(Obedience(opened.at.chair, in_haste=True))
        opened.at.station.runner.observe(pictures)
        with bugs_raised(opened.at.station.runner):
            opened.at.start()
            player.start()
            patience.start(_PATIENCE_MS)
            opened.at.app.exec()
        window.close()
        _refuse_when_blocked(opened.at.station.runner.state, len(results), demo.out)
    report = _journal_report(folder)
    right = _is_right(demo, opened, results)
    if as_json:
        typer.echo(json.dumps(_facts(demo, opened, results, report, right), ensure_ascii=False))
    else:
        _say_judgement(demo, opened, results)
        verdict = "sound" if report.sound else f"NOT SOUND: {report.reason}"
        typer.echo(f"Journal of {report.entries} entries in {report.sessions} sessions: {verdict}.")
    return right and report.sound


def _draw_faces(person: QueuePerson) -> None:
    """Before they come: drawn while a camera is watched, the pictures take twice as long."""
    for act in person.acts:
        if isinstance(act, ShowFace):
            Sitting(act.face).prepared()


class DemoPictures(DeskObserver):
    """Saves what the desk shows at every verdict."""

    def __init__(
        self, opened: OpenDemonstration, window: StationWindow, out: Path, take: bool
    ) -> None:
        self._opened = opened
        self._window = window
        self._out = out
        self._take = take
        self._people = 0
        for old in out.iterdir():
            if _PICTURE.fullmatch(old.name):
                old.unlink()

    def state_changed(self, state: State) -> None:
        """TRY AGAIN is shown while the scanner is armed again, screen 09 while people decide, and
        screen 08 once the operator may answer.
        """
        if isinstance(state, AwaitingSample) and state.reason and not state.touched:
            self._keep(f"try_again_{state.session.tries}")
        elif isinstance(state, AwaitingFace) and state.may_answer(same=True):
            self._keep("face")
        elif isinstance(state, AwaitingCommission) and (state.voter or state.proposed):
            self._keep("manual")

    def broke(self, *_: object) -> None:
        """The safe screen is worth a picture, where one can still be saved."""
        self._save("broken")

    def verdict(self, result: VisitResult) -> None:
        """A person is done; abandoned sessions show no verdict."""
        end = result.end
        if isinstance(self._opened.at.station.runner.state, Verdict | Voided):
            assert end.outcome is not None
            self._keep("made_void" if end.voided else end.outcome.value)
        self._people += 1

    def _keep(self, what: str) -> None:
        if not self._save(what):
            raise KnownError(
                Code.PICTURE_NOT_SAVED,
                f"A picture could not be saved in {self._out}. Check the disk's space and the "
                "folder's permission, then run the demonstration again.",
            )

    def _save(self, what: str) -> bool:
        path = self._out / f"{self._people + 1:02d}-{what}.png"
        self._window.desk.setUpdatesEnabled(True)  # else a page built in this turn is left out
        return not self._take or self._window.grab().save(str(path))


def _refuse_when_blocked(state: State, done: int, out: Path) -> None:
    if isinstance(state, Blocked):
        raise KnownError(
            state.code,
            f"The desk stopped after {done} people with the fault {state.code}; what the "
            f"journal holds is safe. Check the disk's space and the permission of {out}, then "
            "run the demonstration again.",
        )


def _is_right(demo: DemoChoice, opened: OpenDemonstration, results: list[VisitResult]) -> bool:
    people = len(opened.queue.people)
    if demo.fingers is None:
        return sum(result.as_expected for result in results) == people
    return summary_of(results)["wrong_person"] == 0 and len(results) == people


def _say_judgement(demo: DemoChoice, opened: OpenDemonstration, results: list[VisitResult]) -> None:
    people = len(opened.queue.people)
    if len(results) < people:
        typer.echo(f"Stuck: {opened.queue.people[len(results)].who} was not done in time.")
    if demo.fingers is None:
        as_expected = sum(result.as_expected for result in results)
        typer.echo(f"{as_expected} of {people} as expected. Pictures in {demo.out}.")
        return
    for name, count in _summary(opened, results).items():
        typer.echo(f"{name.replace('_', ' '):>14} {count:5d}")


def _summary(opened: OpenDemonstration, results: list[VisitResult]) -> dict[str, int]:
    """The counts of a queue of real fingers."""
    left_out = {
        "not_enrolled": opened.queue.not_enrolled,
        "no_image": opened.queue.unreadable,
    }
    return summary_of(results) | left_out


def _facts(
    demo: DemoChoice,
    opened: OpenDemonstration,
    results: list[VisitResult],
    report: VerifyReport,
    right: bool,
) -> dict[str, Any]:
    people = [
        {
            "who": result.person.who,
            "expected": _expected(result),
            "verdict": result.end.outcome,
            "as_expected": result.as_expected,
            "tries": result.end.tries,
            "extract_ms": round(result.end.extract_ms, 1),
            "search_ms": round(result.end.search_ms, 1),
            "journal_ms": round(result.end.journal_ms, 1),
        }
        for result in results
    ]
    facts = {"as_expected": right, "people": people, "journal": asdict(report)}
    return facts if demo.fingers is None else facts | {"summary": _summary(opened, results)}


def _journal_report(folder: StationFolder) -> VerifyReport:
    public_key = Signer(load_key(folder.signing_key)).public_key
    return verify_journal(folder.journal, load_key(folder.journal_key), public_key)


def _say_result(number: int, result: VisitResult) -> None:
    end = result.end
    mark = "" if result.as_expected else "  <-- not as expected"
    tries = f" ({end.tries} tries)" if end.tries > 1 else ""
    _say(
        str(number),
        result.person.who,
        _word(_expected(result)),
        _word(end.outcome) + tries,
        f"{end.extract_ms:.0f}",
        f"{end.search_ms:.0f}",
        f"{end.journal_ms:.1f}{mark}",
    )


def _expected(result: VisitResult) -> OutcomeKind:
    (expected,) = result.person.ends
    return expected


def _word(kind: OutcomeKind | None) -> str:
    return "" if kind is None else kind.value.replace("_", " ")


def _say(*columns: str) -> None:
    line = "".join(text.ljust(width) for text, width in zip(columns, _WIDTHS, strict=True))
    typer.echo(line.rstrip())
