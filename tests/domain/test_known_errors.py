"""A fault of a process that shares work arrives as what it is."""

import pickle

import pytest

from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError


@pytest.mark.parametrize(
    "fault",
    [
        KnownError("model_damaged", "The model is damaged."),
        DeviceLostError("It was unplugged.", "camera_lost"),
        DeviceFaultError("camera_busy", "It is used."),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_it_crosses_to_another_process(fault: KnownError) -> None:
    again = pickle.loads(pickle.dumps(fault))
    assert type(again) is type(fault)
    assert (again.code, again.message, str(again)) == (fault.code, fault.message, str(fault))
