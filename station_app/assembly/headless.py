"""The demonstration without a window: the queue runs offscreen, and every end is judged."""

import re
from dataclasses import asdict
from pathlib import Path

import typer
from PySide6.QtCore import QTimer

from station_app.assembly.bugs import bugs_raised
from station_app.assembly.stage import Demo, Stage, opened_stage
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFinger,
    Blocked,
    State,
    Voided,
)
from station_app.flow.finger_queue import summarise
from station_app.flow.rehearsal import Rehearsal, Result
from station_app.journal import verify_journal
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.views import StationKind
from station_app.vault import Signer, StationFolder, load_key

_CAPTURE_S = 0.06
_PATIENCE_MS = 60_000
"""A person who takes longer than this is stuck: the run ends and says who is missing."""

_PICTURE = re.compile(
    rf"[0-9]{{2}}-({'|'.join(OutcomeKind)}|try_again_[0-9]|made_void|manual|broken)\.png"
)

_WIDTHS = (4, 30, 20, 24, 9, 8, 9)


def run_headless(demo: Demo) -> bool:
    """Run the whole queue and say a line a person; True when all went as it should.

    With real images "as it should" means that nobody was taken for somebody else. Raises
    `KnownError` as `opened_stage` does, `picture_not_saved`, and the code of the fault that
    blocked the desk.
    """
    results: list[Result] = []
    folder = StationFolder(demo.out / "station")
    with opened_stage(demo, folder, _CAPTURE_S, audible=False) as stage:
        window = StationWindow(stage.desk, None, StationKind.DEMO)
        window.resize(window.sizeHint())
        window.show()
        pictures = Pictures(stage, window, demo.out, take=demo.fingers is None)
        _say("#", "who", "expected", "verdict", "extract", "search", "journal (ms)")

        patience = QTimer()
        patience.setSingleShot(True)
        patience.timeout.connect(stage.app.quit)

        def on_result(result: Result) -> None:
            patience.start(_PATIENCE_MS)
            results.append(result)
            _say_result(len(results), result)
            pictures.verdict(result)

        rehearsal = Rehearsal(
            stage.station.runner,
            stage.scanner,
            stage.bridge,
            stage.cast.people,
            on_result,
            stage.app.quit,
        )
        stage.station.runner.observe(pictures)
        with bugs_raised(stage.station.runner):
            stage.start()
            rehearsal.start()
            patience.start(_PATIENCE_MS)
            stage.app.exec()
        window.close()
        _refuse_when_blocked(stage.station.runner.state, len(results), demo.out)
    return _judge(demo, stage, results) & _journal_is_sound(folder)


class Pictures:
    """Saves what the desk shows at every verdict; an observer of the runner."""

    def __init__(self, stage: Stage, window: StationWindow, out: Path, take: bool) -> None:
        self._stage = stage
        self._window = window
        self._out = out
        self._take = take
        self._people = 0
        for old in out.iterdir():
            if _PICTURE.fullmatch(old.name):
                old.unlink()

    def state_changed(self, state: State) -> None:
        """TRY AGAIN is shown while the scanner is armed again, screen 09 while people decide."""
        if isinstance(state, AwaitingFinger) and state.reason and not state.touched:
            self._keep(f"try_again_{state.session.tries}")
        elif isinstance(state, AwaitingCommission) and state.voter is not None:
            self._keep("manual")

    def frame_came(self, *_: object) -> None:
        """Nothing to keep."""

    def broke(self, *_: object) -> None:
        """The safe screen is worth a picture, where one can still be saved."""
        self._save("broken")

    def verdict(self, result: Result) -> None:
        """A person is done; abandoned sessions show no verdict."""
        if result.shown is not None:
            voided = isinstance(result.shown, Voided)
            self._keep("made_void" if voided else result.outcome.outcome.value)
        self._people += 1

    def _keep(self, what: str) -> None:
        if not self._save(what):
            raise KnownError(
                "picture_not_saved",
                f"A picture could not be saved in {self._out}. Check the disk's space and the "
                "folder's permission, then run the demonstration again.",
            )

    def _save(self, what: str) -> bool:
        path = self._out / f"{self._people + 1:02d}-{what}.png"
        return not self._take or self._window.grab().save(str(path))


def _refuse_when_blocked(state: State, done: int, out: Path) -> None:
    if isinstance(state, Blocked):
        raise KnownError(
            state.code,
            f"The desk stopped after {done} people with the fault {state.code}; what the "
            f"journal holds is safe. Check the disk's space and the permission of {out}, then "
            "run the demonstration again.",
        )


def _judge(demo: Demo, stage: Stage, results: list[Result]) -> bool:
    people = len(stage.cast.people)
    if len(results) < people:
        typer.echo(f"Stuck: {stage.cast.people[len(results)].who} was not done in time.")
    if demo.fingers is None:
        right = sum(result.as_expected for result in results)
        typer.echo(f"{right} of {people} as expected. Pictures in {demo.out}.")
        return right == people
    summary = summarise(results)
    for name, count in asdict(summary).items():
        typer.echo(f"{name.replace('_', ' '):>14} {count:5d}")
    typer.echo(f"{'not enrolled':>14} {stage.cast.not_enrolled:5d}")
    typer.echo(f"{'no image':>14} {stage.cast.unreadable:5d}")
    return summary.wrong_person == 0 and len(results) == people


def _journal_is_sound(folder: StationFolder) -> bool:
    public_key = Signer(load_key(folder.signing_key)).public_key
    report = verify_journal(folder.journal, load_key(folder.journal_key), public_key)
    verdict = "sound" if report.sound else f"NOT SOUND: {report.reason}"
    typer.echo(f"Journal of {report.entries} entries in {report.sessions} sessions: {verdict}.")
    return report.sound


def _say_result(number: int, result: Result) -> None:
    person, outcome, times = result.person, result.outcome, result.times
    mark = "" if result.as_expected else "  <-- not as expected"
    tries = f" ({outcome.tries} tries)" if outcome.tries > 1 else ""
    _say(
        str(number),
        person.who,
        _word(person.outcome),
        _word(outcome.outcome) + tries,
        f"{times.extract_ms:.0f}",
        f"{times.search_ms:.0f}",
        f"{times.journal_ms:.1f}{mark}",
    )


def _word(kind: OutcomeKind) -> str:
    return kind.value.replace("_", " ")


def _say(*columns: str) -> None:
    line = "".join(text.ljust(width) for text, width in zip(columns, _WIDTHS, strict=True))
    typer.echo(line.rstrip())
