"""The self-test's cards of devices: each check opens its device, uses it, and lets it go."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, assert_never

from station_app.assembly.page_check import page_check
from station_app.devices.computer import DrainEnd, battery, measure_drain
from station_app.devices.document_reader import DocumentReader, TakesKeystrokes
from station_app.devices.finger_scanner import LimitedStop
from station_app.devices.media import Medium
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.page_printer import PageProgress, PrintWatch
from station_app.devices.stick_trial import (
    TRIAL_BYTES,
    Proof,
    TrialStep,
    remount_by_udisks,
    try_stick,
)
from station_app.domain.documents import DocumentRead, DocumentUnread, UnreadReason
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import Stopped
from station_app.domain.slips import SlipImage
from station_app.flow.bridge import Bridge
from station_app.flow.kept_printer import KeptPrinter
from station_app.flow.station_devices import document_reader, slip_printer
from station_app.flow.sticks import StickFinder
from station_app.settings import read_machine
from station_app.ui.public.voter_display import VoterDisplay
from station_app.ui.technician.self_test import (
    CardFact,
    CardFinding,
    CardProgress,
    CardRun,
    CardState,
    MinutesFact,
    SizeFact,
    judge_battery,
)
from station_app.vault import PublicIdentity, StationFolder

_STRIPES: Final = 8
_STRIPE_DOTS: Final = 12
_DOCUMENT_WAIT_S: Final = 20.0
_SHOWN_DIGITS: Final = 4
_DRAIN_S: Final = 60.0
_LEAST_HOURS: Final = 3.0
_ROOM: Final = TRIAL_BYTES + 10_000_000
_MEGABYTE: Final = 1_000_000
_TOLD_EVERY: Final = 4 * _MEGABYTE
_MINUTES: Final = 60


def slip_card(folder: StationFolder, run: CardRun) -> CardFinding:
    """A striped slip, which a person sees come out; in the morning the printer is only asked."""
    settings = folder.settings
    printer = slip_printer(folder, read_machine(settings) if settings.exists() else None)
    if isinstance(printer, FolderPrinter):
        return CardFinding(CardState.ATTENTION, "printer_none", {})
    kept = KeptPrinter(printer)
    try:
        ready = kept.check()
        if run.is_morning:
            code = "printer_paper_low" if ready.is_paper_low else "printer_answers"
            state = CardState.ATTENTION if ready.is_paper_low else CardState.PASSED
            return CardFinding(state, code, {})
        kept.print_slip(_stripes(ready.info.width), "self-test")
    except DeviceLostError:
        return CardFinding(CardState.FAILED, "printer_lost", {})
    finally:
        kept.close()
    return CardFinding(CardState.ASKING, "printer_asked", {})


def _stripes(width: int) -> SlipImage:
    """Eight black stripes: a burnt-out dot or a crooked roll shows."""
    row = (width + 7) // 8
    pair = b"\xff" * (row * _STRIPE_DOTS) + b"\x00" * (row * _STRIPE_DOTS)
    return SlipImage(pair * _STRIPES, width, 2 * _STRIPES * _STRIPE_DOTS)


def page_card(folder: StationFolder, now: Callable[[], datetime], run: CardRun) -> CardFinding:
    """A page of A4, which a person holds in hand; papers become files without a printer."""
    name = PublicIdentity.load(folder.public_identity).name
    language = read_machine(folder.settings).languages[0]

    def told(how_far: PageProgress) -> None:
        run.tell(CardProgress("paper_printing", {"printer": how_far.printer}))

    if page_check(name, now().astimezone(), language, PrintWatch(run.stop, told)):
        return CardFinding(CardState.ASKING, "paper_asked", {})
    return CardFinding(CardState.ATTENTION, "paper_none", {})


def document_card(folder: StationFolder, reader: DocumentReader, run: CardRun) -> CardFinding:
    """The kind of a document and the end of its PIN, which a person compares with it.

    In the morning the reader is only opened. `reader` is the one whose keys the window watches;
    any other kind is made anew, as another one may have been chosen meanwhile.
    """
    if not isinstance(reader, TakesKeystrokes):
        reader = document_reader(folder, read_machine(folder.settings)) or reader
    try:
        reader.open()
        if run.is_morning:
            return CardFinding(CardState.PASSED, "document_reader_answers", {})
        run.tell(CardProgress("document_reader_show"))
        found = reader.read(LimitedStop(run.stop, _DOCUMENT_WAIT_S))
    finally:
        reader.close()
    match found:
        case DocumentRead(pin=pin, kind=kind):
            facts = {"last": pin[-_SHOWN_DIGITS:]}
            return CardFinding(CardState.ASKING, f"document_reader_{kind.value}", facts)
        case DocumentUnread(reason=reason):
            state = CardState.ATTENTION if reason is UnreadReason.CHIP else CardState.FAILED
            return CardFinding(state, f"document_reader_{reason.value}", {})
        case Stopped():
            return CardFinding(CardState.FAILED, "document_reader_nothing", {})
        case _:
            assert_never(found)


def display_card(display: VoterDisplay, bridge: Bridge, run: CardRun) -> CardFinding:
    """A random number on the voter's display, which a person types; in the morning the display is
    only looked for.
    """
    if not display.is_on:
        why = "display_off" if display.can_be_placed else "display_wayland"
        return CardFinding(CardState.FAILED, why, {})
    if run.is_morning:
        return CardFinding(CardState.PASSED, "display_there", {})
    number = f"{secrets.randbelow(9000) + 1000}"
    bridge.post(partial(display.show_number, number))
    return CardFinding(CardState.ASKING, "display_asked", {}, typed=number)


def stick_card(
    folder: StationFolder, media: Callable[[], Sequence[Medium]], run: CardRun
) -> CardFinding:
    """100 MB written to the first stick with room for them, and read back from it."""
    finder = StickFinder([folder.root.absolute()], media)
    sticks = finder.find(_ROOM)
    fitting = [one for one in sticks.media if sticks.fault(one) is None]
    if not fitting:
        return CardFinding(CardState.ATTENTION, "stick_none", {"needed": SizeFact(_ROOM)})
    stick = fitting[0]

    def told(step: TrialStep, done: int, of: int) -> None:
        if step is TrialStep.REMOUNTING or done % _TOLD_EVERY < _MEGABYTE or done == of:
            run.tell(
                CardProgress(
                    f"stick_{step.value}",
                    {"stick": stick.name},
                    done // _MEGABYTE,
                    of // _MEGABYTE,
                )
            )

    with finder.writing(stick):
        trial = try_stick(stick.folder, told, run.is_over, remount=remount_by_udisks)
    if trial is None:
        return CardFinding(CardState.FAILED, "stick_none", {"needed": SizeFact(_ROOM)})
    facts: dict[str, CardFact] = {"stick": stick.name, "speed": max(1, round(trial.write_mb_s))}
    if trial.proof is Proof.NONE:
        return CardFinding(CardState.ATTENTION, "stick_unproven", facts)
    return CardFinding(CardState.PASSED, "stick_kept", facts)


def battery_card(run: CardRun) -> CardFinding:
    """The charge; without the charger also how long it lasts, measured for a minute."""
    state = battery()
    judged = judge_battery(state)
    if run.is_morning or state is None or judged.state is CardState.FAILED:
        return judged
    if state.is_charging:
        return CardFinding(CardState.ATTENTION, "battery_plugged", {"percent": state.percent})

    def told(over: float, of: float) -> None:
        run.tell(CardProgress("battery_measuring", {}, round(over), round(of)))

    drain = measure_drain(_DRAIN_S, told, run.stop)
    if drain.end is DrainEnd.MAINS:
        return CardFinding(CardState.ATTENTION, "battery_plugged", {"percent": state.percent})
    if drain.hours is None:
        return judged
    lasts: dict[str, CardFact] = {
        "percent": state.percent,
        "left": MinutesFact(round(drain.hours * _MINUTES)),
    }
    if drain.hours < _LEAST_HOURS:
        return CardFinding(CardState.ATTENTION, "battery_weak", lasts)
    return CardFinding(CardState.PASSED, "battery_lasts", lasts)
