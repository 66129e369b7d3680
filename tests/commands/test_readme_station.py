"""README's "A station of your own": its lines, as they stand there, lead to a working desk.

People's part (passphrases, digits) is typed here; the register is smaller. The last line opens
the screens, which two persons then unlock through the same door.
"""

import re
import shlex
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station_app.assembly.technician import open_door
from station_app.devices.computer import Battery
from station_app.devices.drivers import DeviceFamily
from station_app.flow import readiness as looking
from station_app.settings import read_plan
from station_app.ui.main_window import StationWindow
from station_app.ui.training.dock import SimulatorDock
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.vault import StationFolder
from tests.assembly.door_at_work import enter, wait
from tests.commands.typed_words import Typing, answer, run

ROOT = Path(__file__).parents[2]
VOTERS = 12
SECRETS = {
    "aida": "velvet comb, nine maps",
    "bakyt": "hazel reads under tin",
    "gulnara": "plough walks far away",
    "timur": "radios mend in winter",
}


def readme_lines() -> list[list[str]]:
    """The lines of the section's block, each as the words a shell would make of it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## A station of your own")[1].split("\n## ")[0]
    (block,) = re.findall(r"```\n(.*?)```", section, re.DOTALL)
    return [shlex.split(line) for line in block.replace("\\\n", "").splitlines()]


def compared(kind: str, name: str) -> tuple[str, str]:
    """The digits that were printed when the key was made, as somebody types them."""
    (shown,) = answer(kind, "show", f"keys/{name}.{kind}.json")
    return f"--accept-{kind}", shown["digits"]


def follow(line: list[str], folder: Path, typing: Typing, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line of the block, with what people type."""
    match line:
        case ["cp", "CHECKOUT/voter_snapshots/example/station.toml", second, "."]:
            shutil.copy(ROOT / "voter_snapshots/example/station.toml", folder)
            shutil.copy(ROOT / second.removeprefix("CHECKOUT/"), folder)
        case ["station-app", "synthetic", *rest]:
            assert rest[rest.index("--voters") + 1] == "40"
            rest[rest.index("--voters") + 1] = str(VOTERS)
            run("synthetic", *rest)
        case ["station-app", ("issuer" | "recipient") as kind, *rest]:
            typing.ready(f"orchard violin {kind} copper", f"orchard violin {kind} copper")
            run(kind, *rest)
        case ["station-app", "provision", *rest]:
            typing.ready(*(word for secret in SECRETS.values() for word in (secret, secret)))
            run(
                "provision",
                *rest,
                *compared("issuer", "Commission"),
                *compared("recipient", "Returns"),
            )
        case ["station-app", "snapshot", "build", *rest]:
            typing.ready("orchard violin issuer copper")
            run("snapshot", "build", *rest, "--jobs", "1")
        case ["station-app", *rest]:
            run(*rest)
        case _:
            raise AssertionError(line)


def test_the_readmes_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    monkeypatch.setenv("STATION_APP_HOME", str(tmp_path / "home"))
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    typing = Typing(monkeypatch)
    *lines, last = readme_lines()
    assert len(lines) == 8
    assert last == ["station-app", "technician"]
    for line in lines:
        follow(line, folder, typing, monkeypatch)
    assert (folder / "sheet.pdf").read_bytes().startswith(b"%PDF")
    found = answer("readiness")
    assert found["ready"] is True
    assert found["list"]["counts"]["voters"] == VOTERS
    assert found["list"]["counts"]["fingers"] == 2 * VOTERS
    assert {one["weight"] for one in found["reasons"]} == {"attention"}
    two_persons_open_it(StationFolder(tmp_path / "home" / "training"), qtbot)


def test_every_option_of_the_example_plan_is_one(tmp_path: Path) -> None:
    """What is commented out there is read too, once it is not."""
    example = (ROOT / "voter_snapshots/example/station.toml").read_text(encoding="utf-8")
    plan = tmp_path / "station.toml"
    plan.write_text(re.sub(r"^# (?=\[|\w+ = )", "", example, flags=re.MULTILINE), "utf-8")
    read = read_plan(plan)
    assert read.machine.mirror
    assert read.machine.speaks
    assert read.snapshot is not None
    assert read.folder is not None
    assert [one.family for one in read.machine.devices] == list(DeviceFamily)[::2]
    assert read.machine.devices[0].port == str(tmp_path / "register/fingers")


def two_persons_open_it(station: StationFolder, qtbot: QtBot) -> None:
    """Operator and chair at the screens that the last line opens: the desk comes up."""
    bugs: list[BaseException] = []
    screens = open_door(station, "en", bugs.append, audible=False, media=tuple)
    with closing(screens):
        window = screens.window
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        wait(lambda: screens.screen.view.stage is UnlockStage.LOCKED)
        enter(SECRETS["aida"])
        wait(lambda: screens.screen.view.operator.state is SideState.ACCEPTED)
        enter(SECRETS["gulnara"])
        wait(lambda: isinstance(window.currentWidget(), StationWindow))
        (dock,) = window.findChildren(SimulatorDock)
        assert dock.queue.count() == VOTERS, "the people of the list, whose images are there"
    assert bugs == []
