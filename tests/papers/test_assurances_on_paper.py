"""What a paper assures is what was checked: where it would be false it is not printed."""

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.readiness_report import DeviceState, Readiness, Reason, Weight
from station_app.papers.day_papers import day_log_sheet, zero_report
from station_app.papers.paper_words import words_of
from station_app.papers.readiness_sheet import write_readiness_pdf
from tests.papers.day_samples import CLOSED, FIGURES, outcomes
from tests.papers.sheet_samples import READY
from tests.papers.test_day_papers import pages
from tests.papers.test_readiness_sheet import page_text

EN = words_of("en")
SIMULATED = replace(READY, devices=(DeviceState("finger_scanner", "simulated", ""),))
UNTRIED = replace(
    READY,
    devices=(DeviceState("finger_scanner", "usb", "", "usb:05ba:000a", "untried"),),
    reasons=(Reason("devices_untried", Weight.BLOCKS, {"number": 1}, is_of_devices=True),),
)


def sheet(folder: Path, found: Readiness) -> str:
    path = folder / "sheet.pdf"
    write_readiness_pdf(path, found, "en")
    return page_text(path)


def test_ready_says_whether_devices_were_tried(tmp_path: Path, qtbot: QtBot) -> None:
    tried, simulated = sheet(tmp_path, READY), sheet(tmp_path, SIMULATED)
    assert EN("sheet.nothing_to_mend") in tried
    assert EN("sheet.untried") in simulated
    assert f"{EN('sheet.nothing_to_mend')} " not in simulated.replace(EN("sheet.untried"), "")


def test_what_nobody_tried_is_not_ready(tmp_path: Path, qtbot: QtBot) -> None:
    text = sheet(tmp_path, UNTRIED)
    assert EN("sheet.not_ready") in text
    assert EN("sheet.to_mend", number=1) in text
    assert EN("device.untried") in text


def test_who_was_stopped_is_not_identified_on_the_log(qtbot: QtBot) -> None:
    ((logged, _),) = outcomes(1)
    stopped = replace(
        logged, outcome=OutcomeKind.ALREADY_IDENTIFIED, method=Method.COMMISSION, list_number=17
    )
    text = " ".join(pages(day_log_sheet(CLOSED, [(stopped, False)], "en")))
    row = text.partition("0017")[2].partition(EN("paper.section.journal"))[0]
    assert EN("paper.outcome.already_identified") in row
    assert f" {EN('paper.outcome.identified')} " not in row.partition("Stopped")[0]


def test_nobody_is_counted_by_a_face_that_no_device_sees(qtbot: QtBot) -> None:
    turnout = replace(CLOSED.turnout, figures=replace(FIGURES, by_face=0))
    without = " ".join(pages(zero_report(replace(CLOSED, turnout=turnout), "en")))
    assert EN("paper.row.face") not in without
    turnout = replace(turnout, figures=replace(FIGURES, by_face=1))
    assert EN("paper.row.face") in " ".join(
        pages(zero_report(replace(CLOSED, turnout=turnout), "en"))
    )
