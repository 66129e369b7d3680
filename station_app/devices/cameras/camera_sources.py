"""What can be a camera: a camera of the kernel, and a video file in its place."""

import os
from typing import Final

from station_app.devices.camera import Camera
from station_app.devices.cameras.camera_child import Source
from station_app.devices.cameras.child_camera import CameraSource, ChildCamera
from station_app.devices.cameras.v4l_nodes import (
    camera_at,
    is_plugged_in,
    refuse_unreadable,
    v4l_cameras,
)
from station_app.devices.found_device import FoundDevice
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError

__all__ = ["is_plugged_in", "is_video", "look_for_cameras", "v4l2_camera", "video_camera"]

_SIZE: Final = (1280, 720)
"""What a camera is asked for; it gives the nearest that it has."""


def v4l2_camera(port: str) -> Camera:
    """The camera that `port` names, the only one where it is empty. Not connected yet.

    Raises `KnownError` `settings_refused` for a port that cannot be read.
    """
    refuse_unreadable(port)

    def find() -> CameraSource:
        camera = camera_at(port)
        if not camera.is_permitted:
            raise DeviceFaultError(
                Code.CAMERA_NOT_PERMITTED,
                f"This user may not use {camera.node}. Add the user to the group video, then log "
                "in again.",
            )
        return CameraSource(Source(str(camera.node), False, *_SIZE), camera.name)

    return ChildCamera(find, is_simulated=False)


def look_for_cameras() -> tuple[FoundDevice, ...]:
    """The cameras that are plugged in; see `Driver.look`."""
    return tuple(
        FoundDevice(one.port, one.name, "" if one.is_permitted else Code.CAMERA_NOT_PERMITTED)
        for one in v4l_cameras()
    )


def video_camera(port: str) -> Camera:
    """A video file, played over and over as a camera."""
    _refuse_no_path(port)

    def find() -> CameraSource:
        if not is_video(port):
            raise DeviceLostError(f"There is no video file {port}.", Code.CAMERA_LOST)
        return CameraSource(Source(port, True, *_SIZE), os.path.basename(port))  # noqa: PTH119

    return ChildCamera(find, is_simulated=True)


def is_video(port: str) -> bool:
    """Whether the file is there; see `Driver.find`."""
    _refuse_no_path(port)
    return os.path.isfile(port)  # noqa: PTH113  (raises for none)


def _refuse_no_path(port: str) -> None:
    if not port.startswith("/"):
        raise KnownError(
            Code.SETTINGS_REFUSED,
            f"The camera's port {port!r} is no video file. Write the file's whole path.",
        )
