"""The story in words: tries told together, who decided, and never a score."""

from datetime import UTC, datetime, timedelta

import pytest

from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    KINDS,
    ActUndone,
    Admitted,
    CameBack,
    CommissionDecision,
    DeviceLost,
    DeviceReturned,
    Entry,
    FacesProposed,
    HeadNotTurned,
    IssuedElsewhere,
    OffExplained,
    OutcomeVoided,
    SentAway,
    SessionStarted,
    SlipFailed,
    SlipPrinted,
    StationMoved,
    StationWasOff,
    StopDecided,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OffCause,
    OutcomeKind,
    PrintedTo,
    SentAwayReason,
    StopFinding,
    StrikeReason,
    UndoneAct,
    UndoReason,
    VoidReason,
)
from station_app.domain.liveness import FaceFailure
from station_app.domain.samples import RetryReason
from station_app.languages import language_codes
from station_app.ui.commission.story_panel import story_words
from station_app.ui.texts import Texts
from tests.flow.logged_day import decided, face_compared, face_try, finger_try, outcome

AT = datetime(2026, 11, 29, 17, 33, tzinfo=UTC)
FIRST = AT.replace(hour=9, minute=14)
DRY, PRINTER = RetryReason.TOO_DRY, PrintedTo.PRINTER


WORDED = {"session_started", "finger_try", "commission_decision", "outcome", "outcome_voided",
          "slip_printed", "stop_decided"}  # fmt: skip
"""Kinds that `story_words` has words of their own for, or none."""


def told(*entries: Entry, language: str = "en") -> list[str]:
    lines = [
        StoryLine(number, AT + timedelta(seconds=number), entry)
        for number, entry in enumerate(entries)
    ]
    texts = Texts(language)
    return [words for _, words in story_words(texts, lines, {"m1": "A. Bekova"}, FIRST)]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (
            (SessionStarted(1), *(finger_try(1, n) for n in (1, 2, 3, 4)), decided(1),
             outcome(1, OutcomeKind.IDENTIFIED, 0, method=Method.COMMISSION),
             SlipPrinted(9, 1, PRINTER)),
            ["Finger 1 to 4: no match", "Confirmed by A. Bekova: prints are worn", "Slip printed"],
        ),
        (
            (finger_try(1, 1, DRY), finger_try(1, 2), outcome(1, OutcomeKind.IDENTIFIED, 0)),
            ["Finger 1: too dry", "Finger 2: match"],
        ),
        (
            (finger_try(1, 1), finger_try(1, 2), finger_try(1, 3),
             outcome(1, OutcomeKind.ALREADY_IDENTIFIED, 0, first_entry=1277)),
            ["Finger 1 to 2: no match", "Finger 3: match",
             "Already identified at 09:14, №\xa00900"],
        ),
        (
            (finger_try(1, 1), outcome(1, OutcomeKind.NOT_ON_LIST)),
            ["Finger 1: no match", "Not on this list"],
        ),
        (
            (DeviceLost(1, "scanner"), DeviceReturned(1, "scanner"), finger_try(1, 1)),
            ["Scanner unplugged", "Scanner is back", "Finger 1: no match"],
        ),
        (
            (SlipFailed(5, "paper_out"), SlipPrinted(5, 1, PRINTER), SlipPrinted(5, 2, PRINTER),
             OutcomeVoided(5, "V-0", 900, VoidReason.NO_BALLOT, "o1", "m9")),
            ["Slip not printed", "Slip printed", "Slip printed again, copy 2",
             "Voided by m9: the voter took no ballot"],
        ),
        (
            (face_try(1, FaceFailure.TOO_FAST), face_try(1), face_compared(1, True),
             outcome(1, OutcomeKind.IDENTIFIED, 0, method=Method.FACE)),
            ["Face: turned too fast", "Face compared", "Operator and station: the same person"],
        ),
        (
            (face_try(1), FacesProposed(1, 2), HeadNotTurned(1), DeviceLost(1, "camera"),
             DeviceReturned(1, "camera")),
            ["Face compared", "Voters proposed by the face: 2", "The head cannot be turned",
             "Camera unplugged", "Camera is back"],
        ),
        ((), []),
    ],
)  # fmt: skip
def test_what_happened_is_told_in_its_order(entries: tuple[Entry, ...], words: list[str]) -> None:
    assert told(*entries) == words


@pytest.mark.parametrize("language", language_codes())
def test_every_code_has_its_words(language: str) -> None:
    seen = DocumentSeen.ID_CARD
    entries: list[Entry] = [outcome(1, kind) for kind in OutcomeKind if "identified" not in kind]
    entries += [finger_try(1, 1, reason) for reason in RetryReason]
    entries += [
        CommissionDecision(1, decision, reason, seen, "o1", "m1")
        for decision in Decision
        for reason in ManualReason
    ]
    entries += [face_try(1, failed) for failed in FaceFailure]
    entries += [face_compared(1, True), face_compared(1, True, False), face_compared(1, False)]
    entries += [OutcomeVoided(5, "V-0", 900, reason, "o1", "m1") for reason in VoidReason]
    entries += [StopDecided(7, finding, "o1", "m1") for finding in StopFinding]
    words = told(*entries, language=language)
    assert len(words) == len(entries)
    assert len(set(words)) == len(words)


BY = ("c9", "m1")
ACTS = (
    *(IssuedElsewhere("V-0", 900, place, *BY) for place in BallotPlace),
    *(
        Admitted(1, basis, document, *BY)
        for basis in AdmissionBasis
        for document in DocumentSeen
        if document is not DocumentSeen.NONE
    ),
    *(StruckOff("V-0", 900, reason, *BY) for reason in StrikeReason),
    *(ActUndone(5, UndoneAct.ADMITTED, None, None, reason, *BY) for reason in UndoReason),
    *(SentAway(reason, "m1") for reason in SentAwayReason),
    CameBack("m1"),
    StationWasOff("2026-11-29T16:55:00Z"),
    *(OffExplained(5, cause, "m1") for cause in OffCause),
    StationMoved("Room 12", "Sports hall", *BY),
)


@pytest.mark.parametrize("language", language_codes())
def test_every_act_says_what_and_by_whom(language: str) -> None:
    said = [told(one, language=language) for one in ACTS]
    assert len({words[0] for words in said}) == len(ACTS)
    by_station = [words for words in said if len(words) == 1]
    assert len(by_station) == 1, "nobody signs what the station has found"
    assert all("A. Bekova" in words[1] for words in said if len(words) > 1)


def test_a_station_that_was_off_says_between_which_times() -> None:
    assert told(StationWasOff("2026-11-29T16:55:00Z")) == [
        "Off between 16:55 and 17:33, at most 38 min"
    ]


@pytest.mark.parametrize("language", language_codes())
def test_every_kind_of_a_story_has_its_words(language: str) -> None:
    """A kind of a session or an identification has `story.<kind>` in each catalogue."""
    for kind in KINDS.keys() - WORDED:
        if KINDS[kind].about.fields.keys() & {"session", "entry", "stopped"}:
            assert Texts(language)(f"story.{kind}")
