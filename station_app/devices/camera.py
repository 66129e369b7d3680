"""What every camera adapter does; `tests/devices/camera_conformance.py` is the suite."""

from dataclasses import dataclass
from typing import Final, Protocol

from station_app.devices.finger_scanner import StopToken

MOST_PIXELS: Final = 3840 * 2160
"""A camera whose frames are larger is refused."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """What a camera says of itself; width and height in pixels of its first frame.

    `asked` is the size it was asked for, which it need not give.
    """

    name: str
    width: int
    height: int
    asked: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """An 8-bit RGB picture, row-major from the top left, 3 bytes a pixel.

    `number` counts the frames that the camera has given since it was opened, also those that
    nobody asked for; `taken` is the monotonic clock in seconds when this one arrived.
    `is_dark`: hardly anything but black, as with a covered lens.
    """

    pixels: bytes
    width: int
    height: int
    number: int
    taken: float
    is_dark: bool

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0 or self.width * self.height > MOST_PIXELS:
            raise ValueError(f"frame of {self.width}x{self.height}")
        if len(self.pixels) != 3 * self.width * self.height:
            raise ValueError(f"{len(self.pixels)} bytes for {self.width}x{self.height}")


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A two-dimensional code in a frame: its kind (`QRCode`, `PDF417`) and its bytes."""

    kind: str
    payload: bytes


class Camera(Protocol):
    """A camera. All calls block and are made on its own lane only.

    `open`, `frame` and `codes` raise `DeviceLostError` `camera_lost` when the camera is not there,
    and `DeviceFaultError` when it is there but does not work. After either it may be closed and
    opened again. `open` on an open camera opens it anew.

    `is_simulated`: nobody is in front of it; live stations refuse such a camera.
    """

    @property
    def is_simulated(self) -> bool:
        """Whether this is no real device."""
        ...

    def open(self) -> CameraInfo:
        """Make the camera ready; returns once it has given a frame."""
        ...

    def frame(self, stop: StopToken) -> CameraFrame | None:
        """The next frame to arrive, never one that was queued before.

        None within 200 ms of `stop`.
        """
        ...

    def codes(self, stop: StopToken) -> tuple[SeenCode, ...] | None:
        """The codes in the next frame to arrive; None within 200 ms of `stop`."""
        ...

    def close(self) -> None:
        """Let the camera go; never raises, may be called twice."""
        ...
