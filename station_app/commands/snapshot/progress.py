"""Bars on standard error while a snapshot is read and written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

Tell = Callable[[str, int, int], None]
"""Is told of a step how much of it is done, of how much."""


@contextmanager
def watched(steps: Mapping[str, str]) -> Iterator[Tell]:
    """One bar for each of `steps` (code to name)."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        tasks = {
            step: progress.add_task(name, total=None, start=False) for step, name in steps.items()
        }

        def tell(step: str, done: int, of: int) -> None:
            progress.start_task(tasks[step])
            progress.update(tasks[step], completed=done, total=of)

        yield tell
