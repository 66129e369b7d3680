"""`station-app bench`: how fast the matching core is on this machine."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.images import read_finger_image
from station_app.commands.answers import AsJson, counted
from station_app.evaluation.core_bench import (
    FULL,
    QUICK,
    BenchFinger,
    CoreFigures,
    Say,
    measure_core,
)
from station_app.evaluation.gallery_growth import DEFAULT, WHOLE
from station_app.evaluation.timing import Spread, Tell
from station_app.synthetic.precinct import pressed
from station_app.synthetic.presets import Preset

_FINGERS, _FINGERS_QUICK = 40, 8
_PROBES, _PROBES_QUICK = 3, 1
_WIDTH = 140


def bench(
    *,
    images: Annotated[
        Path | None,
        typer.Option(
            "--images",
            metavar="DIR",
            help="Real images named <finger>_<impression>.png|tif|bmp|wsq, not invented ones.",
        ),
    ] = None,
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the images.")] = 500,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer images, no list of a million: 20 seconds.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Time extraction, search and verdict of the matching core, beside bozorth3.

    bozorth3 is measured where the package nbis-py is installed.
    """
    with counted("Stopped; nothing was measured.") as progress:
        say = _steps(progress)
        fingers = list(_invented(quick, say) if images is None else _read(images, dpi, say))
        count = f"{len(fingers)} fingers, {sum(1 + len(one.probes) for one in fingers)} images"
        source = f"{count}, invented" if images is None else f"{count}, {images.name}"
        figures = measure_core(fingers, source, QUICK if quick else FULL, say)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        _show(figures)


def _show(figures: CoreFigures) -> None:
    facts = asdict(figures.machine) | {"vector_sets": " ".join(figures.machine.vector_sets)}
    for name, fact in (facts | figures.notes).items():
        typer.echo(f"{name:>18}  {fact}")
    # Tables are for copying into a document: as wide as they are, in a pipe too.
    console = Console(width=max(_WIDTH, Console().width))
    for table in tables(figures):
        console.print(table)


def _steps(progress: Progress) -> Say:
    def say(step: str) -> Tell:
        task = progress.add_task(step, total=None)

        def tell(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of, visible=done < of)

        return tell

    return say


def _invented(quick: bool, say: Say) -> Iterator[BenchFinger]:
    count, others = (_FINGERS_QUICK, _PROBES_QUICK) if quick else (_FINGERS, _PROBES)
    tell = say("Inventing fingers")
    for seed in range(count):
        tell(seed, count)
        probes = tuple(pressed(seed, number, Preset.GOOD) for number in range(1, 1 + others))
        yield BenchFinger(pressed(seed, 0, Preset.GOOD), probes)
    tell(count, count)


def _read(folder: Path, dpi: int, say: Say) -> Iterator[BenchFinger]:
    files = list_finger_files(folder)
    tell, done = say("Reading images"), 0
    for _, impressions in groupby(files, lambda file: file.finger):
        tell(done, len(files))
        first, *others = [read_finger_image(file.path, dpi) for file in impressions]
        done += 1 + len(others)
        yield BenchFinger(first, tuple(others))
    tell(done, len(files))


def tables(figures: CoreFigures) -> Iterator[Table]:
    """One table a group of figures, in the order of the work."""
    yield _extraction(figures)
    yield _verdict(figures)
    yield _close_look(figures)
    yield _prefilter(figures)
    if figures.growth_line:
        yield _lines(figures)
    yield _memory(figures)
    if figures.ratios:
        yield _ratios(figures)
    yield _summary(figures)


def _extraction(figures: CoreFigures) -> Table:
    table = _table("extraction, ms", "network's crop", "p50", "p95", "wall p50", "wall p95")
    for size, one in figures.extraction.items():
        for who, spread in one.times.items():
            crop = "" if who == "mindtct" else one.network_input
            table.add_row(f"{size}, {who.replace('_', ' ')}", crop, *_four(spread))
    return table


def _verdict(figures: CoreFigures) -> Table:
    table = _table(
        "image to verdict, ms", "p50", "p95", "wall p50", "wall p95", "of it search", "mate first",
        "identified", "wrongly",
    )  # fmt: skip
    for name, one in figures.verdict.items():
        shares = (f"{share:.0%}" for share in (one.mate_first, one.identified, one.misidentified))
        table.add_row(name, *_four(one.time), f"{one.search_ms_p50:.1f}", *shares)
    return table


def _close_look(figures: CoreFigures) -> Table:
    table = _table("close look, ms", "p50", "p95", "wall p50", "wall p95")
    for candidates, spread in figures.rerank.items():
        table.add_row(f"{candidates} candidates", *_four(spread))
    for pair, sides in figures.comparison.items():
        for who, spread in sides.items():
            table.add_row(f"1:1, {pair.replace('_', ' ')}, {who}", *_four(spread))
    return table


def _prefilter(figures: CoreFigures) -> Table:
    table = _table("fingers searched", "what", "templates/s", "ms", "wall ms", "searches")
    for growth in figures.prefilter.values():
        if growth.skipped:
            table.add_row(f"{growth.fingers:,}", f"skipped: {growth.skipped}")
        for what, spread in growth.times.items():
            rate = f"{growth.templates_per_s[what]:,.0f}" if what != WHOLE else ""
            times = f"{spread.cpu_p50:.1f}", f"{spread.wall_p50:.1f}", str(spread.runs)
            table.add_row(f"{growth.fingers:,}", what.replace("_", " "), rate, *times)
    return table


def _lines(figures: CoreFigures) -> Table:
    lines = figures.growth_line
    columns = [f"{name}, {which}" for name in lines for which in ("ms", "the line's ms")]
    table = _table("growth with the list", *columns)
    for size in next(iter(lines.values())).fitted_ms:
        times = figures.prefilter[size].times
        cells = []
        for name, line in lines.items():
            measured = times[WHOLE if name == WHOLE else DEFAULT].cpu_p50
            cells += [f"{measured:.1f}", f"{line.fitted_ms[size]:.1f}"]
        table.add_row(f"{int(size):,} fingers", *cells)
    for name, line in lines.items():
        table.add_row(f"{name}: ns a finger", f"{line.ns_per_finger:,.0f}")
        table.add_row(f"{name}: ms without a finger", f"{line.intercept_ms:.1f}")
        table.add_row(f"{name}: R^2", f"{line.r_squared:.5f}")
        table.add_row(f"{name}: farthest from the line", f"{line.worst_percent:.1f} %")
    return table


def _memory(figures: CoreFigures) -> Table:
    table = _table("memory", "")
    table.add_row("bytes a finger in the gallery", f"{figures.gallery_bytes_per_finger:,.0f}")
    for name, size in figures.memory.gallery_mb.items():
        table.add_row(f"gallery of {name}", f"{size:,.1f} MB")
    for name, held in figures.memory.resident_mb.items():
        table.add_row(f"process, {name}", "unknown" if held is None else f"{held:,.0f} MB")
    return table


def _ratios(figures: CoreFigures) -> Table:
    table = _table("against mindtct and bozorth3", "times as fast")
    for name, ratio in figures.ratios.items():
        table.add_row(name, _ratio(ratio))
    return table


def _summary(figures: CoreFigures) -> Table:
    """What README.md shows of all this."""
    table = _table("CPU", "", "times as fast as NBIS")

    def row(name: str, figure: str, ratio: str = "") -> None:
        known = figures.ratios.get(ratio)
        table.add_row(name, figure, "" if known is None else _ratio(known))

    row("extraction at 256x288, ms", f"{figures.extract_ms_p50:.1f}", "extraction 256x288")
    for name, one in figures.verdict.items():
        times = f"{one.time.cpu_p50:.1f} / {one.time.cpu_p95:.1f}"
        row(f"image to verdict, {name}, ms p50 / p95", times, f"verdict {name}")
    for size, growth in figures.prefilter.items():
        if growth.times:
            name = f"search of {growth.fingers:,}, ms / prefilter, templates/s"
            rate = figures.prefilter_templates_per_s[size]
            row(name, f"{growth.times[WHOLE].cpu_p50:.1f} / {rate:,.0f}", f"search of {size}")
    close_look = f"{figures.rerank20_ms:.1f}"
    row("close look at 20 candidates, ms", close_look, "comparison, 20 candidates")
    for name, line in figures.growth_line.items():
        shape = f"{line.ns_per_finger:,.0f} (R^2 {line.r_squared:.4f})"
        row(f"a finger more in the list, {name}, ns", shape)
    if figures.bozorth3_us is not None:
        row("one comparison by bozorth3, us", f"{figures.bozorth3_us:,.0f}")
    row("memory a finger, bytes", f"{figures.gallery_bytes_per_finger:,.0f}")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=box.MARKDOWN)
    table.add_column(columns[0], no_wrap=True)
    for column in columns[1:]:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _ratio(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _four(spread: Spread) -> tuple[str, str, str, str]:
    times = spread.cpu_p50, spread.cpu_p95, spread.wall_p50, spread.wall_p95
    a, b, c, d = (f"{time:.1f}" if time >= 1 else f"{time:.3f}" for time in times)
    return a, b, c, d
