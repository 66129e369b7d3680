"""The commands of lessons: list them, show or play one, check a trainer's file."""

import gc
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from station_app import settings
from station_app.assembly.screen_commands import why_no_window
from station_app.commands.options import StationOption, language_option, station_folder
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.languages import language_codes
from station_app.vault import StationFolder

app = typer.Typer(
    no_args_is_help=True,
    help="Learn at a desk that counts for nothing; check a lesson that a trainer has written.",
)
_REFUSED = 1
_LARGEST_SEED = 999_999_999
"""As many digits as the exam's page takes."""
_FIRST = language_codes()[0]
Language = Annotated[str, language_option("Language of the screens.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command("list")
def list_lessons(*, language: Language = _FIRST, as_json: AsJson = False) -> None:
    """List the lessons that come with the program."""
    from station_app.papers.paper_words import words_of
    from station_app.training.lesson_file import shipped_lessons

    words = words_of(language, "lessons")
    rows = [
        {
            "id": one.id,
            "for": one.audience,
            "at": one.at,
            "steps": len(one.steps),
            "title": words(one.title.key),
        }
        for one in shipped_lessons()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['id']:<20} {row['for']:<11} {row['title']}")


@app.command("run")
def run_lesson(
    lesson: Annotated[
        str,
        typer.Argument(
            help="A lesson's name, or a trainer's file; without it, all to choose from."
        ),
    ] = "",
    *,
    station: StationOption = None,
    language: Language = _FIRST,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: every step is done, and recognised.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --headless: print the result as JSON.")
    ] = False,
) -> None:
    """Open the lessons, or one of them; not beside a live station that has begun its day.

    With --headless it is played through the real window without a person; ends with 0 if every
    step was recognised, else with 1 and the step that was not.
    """
    from station_app.training.lesson_file import lesson_named, shipped_lessons

    if headless and not lesson:
        raise typer.BadParameter("name the lesson that is to be played without a window")
    lessons = shipped_lessons()
    chosen = lesson_named(lesson, lessons) if lesson else None
    refusal = _refusal(station, headless=headless)
    _choose_platform(headless=headless)
    # Qt is loaded here, after its platform is chosen.
    if chosen is None or not headless:
        from station_app.assembly.lesson_app import run_lessons

        if chosen is None:
            run_lessons(lessons, language, refusal=refusal)
        else:
            run_lessons((), language, lambda app: app.begin(chosen), refusal)
        return
    from station_app.assembly.lesson_headless import play_lesson

    played = play_lesson(chosen, language)
    result = played.result
    if as_json:
        typer.echo(json.dumps(asdict(result) | {"done": result.is_done}, ensure_ascii=False))
    elif result.is_done:
        typer.echo(f"{result.lesson}: all {result.steps} steps were recognised.")
    else:
        step = chosen.steps[result.steps_done]
        why = f": {played.stuck}" if played.stuck else ""
        typer.echo(
            f"{result.lesson}: step {result.steps_done + 1} of {result.steps} (line {step.line}) "
            f"was not recognised{why}. Compare it with what the desk shows then."
        )
    raise typer.Exit(0 if result.is_done else _REFUSED)


@app.command("exam")
def hold_exam(
    *,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=_LARGEST_SEED,
            help="The same number gives the same voters; without it others.",
        ),
    ] = None,
    station: StationOption = None,
    language: Language = _FIRST,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: the player deals with everybody.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --headless: print the sheet as JSON.")
    ] = False,
) -> None:
    """Hold an exam of 20 voters; not beside a live station that has begun its day.

    Its sheet is shown, printed, and kept on the stick that is chosen. With --headless the player
    passes it through the real window; ends with 0 if it got all 20 right, else with 1.
    """
    refusal = _refusal(station, headless=headless)
    _choose_platform(headless=headless)
    if not headless:
        from station_app.assembly.lesson_app import run_lessons
        from station_app.training.lesson_file import shipped_lessons

        run_lessons(shipped_lessons(), language, lambda app: app.exam.begin(seed), refusal)
        return
    from station_app.assembly.exam_control import new_seed
    from station_app.assembly.exam_run import played_exam
    from station_app.papers.exam_sheet import exam_text
    from station_app.training.exam_keeping import sheet_facts

    sheet = played_exam(new_seed() if seed is None else seed, language)
    said = exam_text(sheet, language)
    if as_json:
        said = f"{json.dumps(sheet_facts(sheet), ensure_ascii=False)}\n"
    typer.echo(said, nl=False)
    raise typer.Exit(0 if sheet.right == sheet.voters else _REFUSED)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Lessons that a trainer has written.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with lesson files, a line each; ends with 1 if anything is."""
    from station_app.training.lesson_file import LessonRefusedError, read_lesson

    faults = []
    for path in files:
        said = []
        try:
            found = read_lesson(path)
        except LessonRefusedError as refused:
            said = [(one.line, one.reason) for one in refused.faults]
        except KnownError as fault:
            said = [(0, fault.message)]
        faults += [{"file": str(path), "line": line, "reason": reason} for line, reason in said]
        if as_json:
            continue
        for line, reason in said:
            typer.echo(terminal_text(f"{path}:{line}: {reason}" if line else reason))
        if not said:
            typer.echo(terminal_text(f"{path}: {found.id}, {len(found.steps)} steps, no fault"))
    if as_json:
        typer.echo(json.dumps(faults, ensure_ascii=False))
    raise typer.Exit(_REFUSED if faults else 0)


def _refusal(station: Path | None, *, headless: bool) -> Callable[[], Code | None]:
    """What tells why there are no lessons on this computer now; a window says it itself.

    Raises `KnownError` with that code where there is no window.
    """
    from station_app.flow.lessons_allowed import lessons_allowed

    # Whatever station is named, every place of this user's own counts too, and the folder that
    # they are in: it may be a station's, by STATION_APP_HOME.
    own = [settings.station_home(kind) for kind in ("live", "training")]
    folders = [station_folder(station), *map(StationFolder, [*own, own[0].parent])]

    def refusal() -> Code | None:
        return next(filter(None, map(lessons_allowed, folders)), None)

    refused = refusal() if headless else None
    if refused is not None:
        raise KnownError(
            refused,
            "This computer keeps an election's journal, so that lessons are closed here. Use "
            "another computer, or one whose station was made ready for the next election.",
        )
    return refusal


def _choose_platform(*, headless: bool) -> None:
    """Before Qt is loaded. Raises `KnownError` `no_display` where a window is wanted."""
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif reason := why_no_window():
        raise KnownError(
            Code.NO_DISPLAY,
            f"{reason} Lessons and the exam need a display; without one, --headless plays them.",
        )
    gc.disable()  # as in `demo`
