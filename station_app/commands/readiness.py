"""`station-app readiness`: is a station ready for its day, and if not, why?"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from station_app.commands.answers import AsJson, ExitCode, answering
from station_app.commands.options import StationOption, language_option, station_folder
from station_app.domain.device_trials import Verdict
from station_app.domain.readiness_report import DeviceState, Readiness, Reason
from station_app.domain.shown_text import terminal_text
from station_app.flow.readiness import look_at
from station_app.languages import language_codes

_COMMAND_LINE: Final = "en"
"""The language that every command speaks."""


def readiness(
    station: StationOption = None,
    pdf: Annotated[
        Path | None, typer.Option(help="Write the readiness sheet, one page of A4.")
    ] = None,
    language: Annotated[
        str, language_option("Of the sheet; without it the station's first language.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Look at a station without a passphrase: identity, people, list, devices, clock, disk.

    Every byte of its list is checked. Ready is only a station whose devices are plugged in and have
    passed the self-test as they are now. Ends with 0 when it is ready, with 1 and the reasons
    when something has to be repaired first; what only needs looking after is said as well.
    """
    # The engine's name comes with the numerics, Qt with paper: neither is needed elsewhere.
    from station_app.biometrics.engines import engine_names

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from station_app.papers.paper_words import words_of
    from station_app.papers.readiness_sheet import write_readiness_pdf

    with answering(as_json, ready=False):
        found = look_at(station_folder(station), engine_names(), _now())
        if pdf is not None:
            spoken = language or (found.languages or language_codes())[0]
            write_readiness_pdf(pdf, found, spoken)
    english = words_of(_COMMAND_LINE).reason

    def sentence(reason: Reason) -> str:
        return reason.detail or english(reason.code, reason.facts)

    reasons = [
        {"code": one.code, "weight": one.weight.value, "reason": sentence(one)}
        for one in found.reasons
    ]
    if as_json:
        typer.echo(json.dumps(_facts(found) | {"reasons": reasons}, ensure_ascii=False))
    else:
        text = _text(found, [(one["weight"], one["reason"]) for one in reasons])
        typer.echo(terminal_text(text))
    if not found.is_ready:
        raise typer.Exit(ExitCode.REFUSED)


def _now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


def _facts(found: Readiness) -> dict[str, Any]:
    facts = {"ready": found.is_ready} | asdict(found)
    del facts["reasons"]
    facts["people"] = {role.value: count for role, count in found.people.items()}
    return dict(_plain(facts))


def _plain(value: Any) -> Any:
    """Times as texts in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _text(found: Readiness, reasons: list[tuple[str, str]]) -> str:
    lines = ["READY" if found.is_ready else "NOT READY"]
    if found.station is not None:
        lines.append(f"station {found.station.name}, {found.kind}, precinct {found.precinct}")
        lines += [f"  {found.station.words}", f"  {found.station.digits}"]
    if found.list is not None:
        one = found.list
        counts = ", ".join(f"{name} {count}" for name, count in one.counts.items())
        lines.append(f"list {one.hash.name} of {one.election}, signed by {one.issuer}")
        lines += [f"  {one.hash.words}", f"  {one.hash.digits}", f"  {counts}"]
        lines.append(f"  valid {_plain(one.valid_from)} to {_plain(one.valid_to)}")
    lines.append("devices:" if found.devices else "devices: none")
    lines += [f"  {one.family} {one.driver} {_tried(one)}" for one in found.devices]
    sealed = ", ".join(found.recipients) or "none"
    lines.append(f"mirror: {found.mirror or 'none'}; results are sealed to: {sealed}")
    machine = found.machine
    power = "none" if machine.battery_percent is None else f"{machine.battery_percent}%"
    lines.append(
        f"clock {_plain(machine.now)}, disk {machine.free_bytes // 10**9} GB free, "
        f"battery {power}, program {machine.app_version}, {machine.engine}"
    )
    marks = {"blocks": "TO REPAIR", "attention": "look after"}
    return "\n".join([*lines, *(f"{marks[weight]}: {text}" for weight, text in reasons)])


def _tried(device: DeviceState) -> str:
    """The device that is there, and when it was tried by which test."""
    there = device.hardware or "not plugged in"
    if not device.verdict:
        return "simulated"
    if device.tried is None:
        return f"{there}, not tried"
    by = device.by or "nobody unlocked"
    test = f"{device.test} test of {_plain(device.tried)}, by {by}"
    said = {
        Verdict.UNTRIED: f"no full test, {test} passed",
        Verdict.CHANGED: f"hardware, driver or program changed since the {test}",
        Verdict.FAILED: f"failed the {test}",
        Verdict.TRIED: f"passed the {test}{', and one of today' if device.is_tried_today else ''}",
    }
    return f"{there}, {said[Verdict(device.verdict)]}"
