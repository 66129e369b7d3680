"""dlib is loaded without the weights whose licence excludes commercial use."""

import json
import subprocess
import sys

import pytest

from station_app.biometrics.face import dlib_network
from station_app.domain.errors import KnownError

LOADS = """
import json, dlib
seen = []
kept = dlib.shape_predictor
dlib.shape_predictor = lambda path: seen.append(path) or kept(path)
from PIL import ImageFile
from station_app.biometrics.face.dlib_network import DLIB_ENGINE
DLIB_ENGINE.load()
DLIB_ENGINE.load()
print(json.dumps([seen, ImageFile.LOAD_TRUNCATED_IMAGES]))
"""


def test_only_five_landmarks_are_loaded() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOADS], capture_output=True, text=True, check=True, timeout=120
    )
    loaded, takes_cut_off_pictures = json.loads(answer.stdout)
    assert loaded
    assert all(path.endswith("shape_predictor_5_face_landmarks.dat") for path in loaded)
    assert takes_cut_off_pictures is False


def test_the_table_names_dlib_without_loading_it() -> None:
    program = "import sys, station_app.biometrics.engines as e\n"
    program += "print('dlib' in sys.modules, [n.partition('/')[0] for n in e.engine_names()])"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.startswith("False")
    assert "yunet-dlib" in answer.stdout


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dlib_network, "NETWORK_CHECKSUM", "0" * 64)
    with pytest.raises(KnownError) as caught:
        dlib_network.DlibNetwork()
    assert caught.value.code == "model_damaged"
