"""What every evaluation shows while it works, and how it ends."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text

Tell = Callable[[str, int, int], None]
_REFUSED, _INTERRUPTED = 1, 130


@contextmanager
def measuring(steps: Mapping[str, str]) -> Iterator[Tell]:
    """Progress on standard error, one bar for each of `steps` (code to name).

    Gives what evaluations take as `tell`. A refusal ends the command with 1 and its
    sentence, an interruption with 130.
    """
    console = Console(stderr=True)
    try:
        with _bars(console) as progress:
            tasks = {
                step: progress.add_task(name, total=None, start=False)
                for step, name in steps.items()
            }

            def tell(step: str, done: int, of: int) -> None:
                progress.start_task(tasks[step])
                progress.update(tasks[step], completed=done, total=of)

            yield tell
    except KnownError as refusal:
        console.print(terminal_text(refusal.message), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(_REFUSED) from refusal
    except KeyboardInterrupt as stop:
        console.print("Stopped; nothing was measured.")
        raise typer.Exit(_INTERRUPTED) from stop


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
