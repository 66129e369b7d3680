"""Qt without a display, the modules beside the tests, and a small list for all of them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

import pytest
from command_runs import write_finger_folder

from station_app.assembly.lists import build_precinct_list
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.precinct import Precinct, invent_precinct

FINGERS = (FingerPosition.RIGHT_INDEX,)


@pytest.fixture(autouse=True, scope="session")
def _station_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the programs started here keep of their own goes to a folder of the tests'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATION_APP_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def people() -> Precinct:
    """Twelve invented voters with their right index fingers."""
    return invent_precinct(12, 77, FINGERS)


@pytest.fixture(scope="session")
def small_list(tmp_path_factory: pytest.TempPathFactory, people: Precinct) -> Path:
    """Their demo list."""
    path = tmp_path_factory.mktemp("lists") / "small.vlist"
    build_precinct_list(path, people)
    return path


@pytest.fixture(scope="session")
def finger_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three invented fingers with three impressions each, named as in the FVC."""
    folder = tmp_path_factory.mktemp("fingers")
    write_finger_folder(folder, fingers=3, impressions=3)
    return folder
