"""The seven steps of a load, and its counts, in words."""

from station_app.snapshots import LoadStep
from station_app.ui.technician.loading import LoadingView, Outcome, SnapshotFacts, StepView
from station_app.ui.texts import Texts
from station_app.ui.widgets.step_timeline import StepRow, StepState
from station_app.ui.words import fault_lines

COUNTS = ("voters", "fingers", "portraits", "bad_rows")
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
    if view.outcome is Outcome.STOPPING:
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
