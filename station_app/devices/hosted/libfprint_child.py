"""One USB fingerprint reader through the system's libfprint, as a reader's program.

    libfprint_child BUS ADDRESS DRIVER PPI WIDTH HEIGHT LIMIT SETTLE

Standard library only: ctypes on libfprint-2.so.2. One process is one `open`. libfprint hands an
image out only once the finger is lifted. It calls a reader hot after 180 s of waiting, and then
refuses it for minutes; a new process is cold, so this one asks to be started anew after LIMIT
seconds of waiting. libfprint also takes a finger that lay on the glass before the capture: one
that is felt within SETTLE seconds after the reader began to look is told, and not taken.
"""

import _ctypes
import ctypes as c
import os
import time

from station_app.devices.hosted.program_side import EndError, Orders, say, serve

_GLASS_KNOWN_S = 3.0
"""For so long after a lift the glass is taken to be empty."""

_LIBRARIES = ("glib-2.0.so.0", "gobject-2.0.so.0", "gio-2.0.so.0", "gusb.so.2", "fprint-2.so.2")
# Of libfprint-2's fp-device.h, libgusb's gusb-device.h and GLib's headers.
_FEATURE_CAPTURE, _SCAN_PRESS = 1, 1
_FINGER_NEEDED, _FINGER_PRESENT = 1, 2
_G_IO_IN, _G_IO_HUP = 1, 16
_CANCELLED = ("g-io-error-quark", 19)
_GONE = {("fp - device - error - quark", 0x100), ("g-usb-device-error-quark", 4)}
_HOT = ("fp - device - error - quark", 0x101)
_FORBIDDEN = ("g-usb-device-error-quark", 9)
_BUSY_TEXT = "[-6]"
"""libgusb has no code for LIBUSB_ERROR_BUSY, and ends its text with libusb's."""
_RETRIES = ("not_a_finger", "lifted_early", "off_centre", "smeared", "lifted_early")
"""By FpDeviceRetry: general, too short, centre finger, remove finger, too fast."""

_P = c.c_void_p


class _Error(c.Structure):
    _fields_ = (("domain", c.c_uint32), ("code", c.c_int), ("message", c.c_char_p))


class _Array(c.Structure):
    _fields_ = (("items", c.POINTER(_P)), ("length", c.c_uint))


_ERROR = c.POINTER(c.POINTER(_Error))
_ON_FILE = c.CFUNCTYPE(c.c_int, c.c_int, c.c_int, _P)
_ON_TIME = c.CFUNCTYPE(c.c_int, _P)
_ON_SIGNAL = c.CFUNCTYPE(None, _P, _P, _P)
_FUNCTIONS = {
    "g_main_context_iteration": (c.c_int, _P, c.c_int),
    "g_unix_fd_add": (c.c_uint, c.c_int, c.c_int, _ON_FILE, _P),
    "g_timeout_add": (c.c_uint, c.c_uint, _ON_TIME, _P),
    "g_source_remove": (c.c_int, c.c_uint),
    "g_quark_to_string": (c.c_char_p, c.c_uint32),
    "g_error_free": (None, c.POINTER(_Error)),
    "g_signal_connect_data": (c.c_ulong, _P, c.c_char_p, _P, _P, _P, c.c_int),
    "g_object_unref": (None, _P),
    "g_object_get": (None, _P, c.c_char_p, c.POINTER(_P), _P),
    "g_cancellable_new": (_P,),
    "g_cancellable_cancel": (None, _P),
    "g_usb_device_get_bus": (c.c_uint8, _P),
    "g_usb_device_get_address": (c.c_uint8, _P),
    "fp_context_new": (_P,),
    "fp_context_get_devices": (c.POINTER(_Array), _P),
    "fp_device_get_driver": (c.c_char_p, _P),
    "fp_device_get_name": (c.c_char_p, _P),
    "fp_device_get_features": (c.c_uint, _P),
    "fp_device_get_scan_type": (c.c_int, _P),
    "fp_device_get_finger_status": (c.c_uint, _P),
    "fp_device_open_sync": (c.c_int, _P, _P, _ERROR),
    "fp_device_close_sync": (c.c_int, _P, _P, _ERROR),
    "fp_device_capture_sync": (_P, _P, c.c_int, _P, _ERROR),
    "fp_image_get_width": (c.c_uint, _P),
    "fp_image_get_height": (c.c_uint, _P),
    "fp_image_get_data": (_P, _P, c.POINTER(c.c_size_t)),
}


class _Libraries:
    """The functions of the system's libraries, as attributes. Raises `OSError` without them."""

    def __init__(self) -> None:
        # Not by CDLL's name: in a packed program that looks beside the program first.
        flags = os.RTLD_NOW | os.RTLD_GLOBAL
        loaded = [c.CDLL(None, handle=_ctypes.dlopen(f"lib{name}", flags)) for name in _LIBRARIES]
        for name, (result, *arguments) in _FUNCTIONS.items():
            found = next((one for one in loaded if hasattr(one, name)), None)
            if found is None:
                raise OSError(name)
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def __getattr__(self, name: str) -> "c._NamedFuncPointer":
        raise AttributeError(name)  # all there are were set


class Reader:
    """One reader, opened once."""

    def __init__(self, orders: Orders, words: list[str]) -> None:
        self._orders = orders
        self._place, self._driver = (int(words[0]), int(words[1])), words[2]
        self._size, self._limit = tuple(map(int, words[3:6])), float(words[6])
        self._settle = float(words[7])
        self._lib = _Libraries()
        self._asked = self._number = 0
        self._cancellable: int | None = None
        self._is_parent_gone = self._is_removed = self._is_late = False
        self._waited = 0.0
        self._looking, self._lifted = float("inf"), float("-inf")
        self._is_on = self._was_there = False
        self._device = self._found()
        # What the library calls has to live as long as it may be called.
        self._calls = (
            _ON_FILE(self._on_orders),
            _ON_TIME(self._on_limit),
            _ON_SIGNAL(self._on_removed),
            _ON_SIGNAL(self._on_finger),
        )

    def run(self) -> None:
        """Open the reader and do what the station asks, until one of them is gone."""
        lib, device = self._lib, self._device
        connect = lib.g_signal_connect_data
        connect(device, b"notify::removed", self._calls[2], None, None, 0)
        connect(device, b"notify::finger-status", self._calls[3], None, None, 0)
        error = c.POINTER(_Error)()
        if not lib.fp_device_open_sync(device, None, c.byref(error)):
            self._fail(error)
        lib.g_unix_fd_add(0, _G_IO_IN | _G_IO_HUP, self._calls[0], None)
        ppi, width, height = self._size
        say({
            "is": "ready", "name": lib.fp_device_get_name(device).decode(errors="replace"),
            "ppi": ppi, "width": width, "height": height,
            "abilities": ["senses_finger", "gives_after_lift", "cancels"],
        })  # fmt: skip
        while not (self._is_parent_gone or self._is_removed):
            if self._asked:
                self._number, self._asked = self._asked, 0
                while self._number and self._captured():
                    pass
            else:
                lib.g_main_context_iteration(None, 1)
        if self._is_removed:
            say({"is": "lost"})
        else:
            lib.fp_device_close_sync(device, None, None)

    def _found(self) -> int:
        """The reader in the socket that the station chose."""
        lib = self._lib
        self._context = lib.fp_context_new()
        array = lib.fp_context_get_devices(self._context).contents
        ours = [
            one
            for one in array.items[: array.length]
            if lib.fp_device_get_driver(one).decode() == self._driver
        ]
        places = [self._place_of(one) for one in ours]
        if self._place in places:
            device = ours[places.index(self._place)]
        elif places == [None]:
            device = ours[0]  # this libfprint does not say where, and there is but one
        else:
            say({"is": "lost"})
            raise EndError
        is_press = lib.fp_device_get_scan_type(device) == _SCAN_PRESS
        if not (is_press and lib.fp_device_get_features(device) & _FEATURE_CAPTURE):
            say({"is": "fault", "code": "unfit"})
            raise EndError
        return int(device)

    def _place_of(self, device: int) -> tuple[int, int] | None:
        usb = _P()
        self._lib.g_object_get(device, b"fpi-usb-device", c.byref(usb), None)
        if not usb:
            return None
        place = self._lib.g_usb_device_get_bus(usb), self._lib.g_usb_device_get_address(usb)
        self._lib.g_object_unref(usb)
        return place

    def _captured(self) -> bool:
        """One touch; True when another has to follow, because it lay there already."""
        lib = self._lib
        left = self._limit - self._waited
        if left <= 0:
            self._restart()
        self._cancellable = lib.g_cancellable_new()
        self._was_there, self._looking = False, float("inf")
        began = time.monotonic()
        alarm = lib.g_timeout_add(max(1, int(left * 1000)), self._calls[1], None)
        error = c.POINTER(_Error)()
        image = lib.fp_device_capture_sync(self._device, 1, self._cancellable, c.byref(error))
        if not self._is_late:
            lib.g_source_remove(alarm)
        self._waited += time.monotonic() - began
        lib.g_object_unref(self._cancellable)
        self._cancellable = None
        if not image:
            self._fail(error)
            return False
        if not self._was_there:
            self._give(image)
        lib.g_object_unref(image)
        return self._was_there

    def _give(self, image: int) -> None:
        size = c.c_size_t()
        data = self._lib.fp_image_get_data(image, c.byref(size))
        header = {
            "is": "image",
            "to": self._number,
            "width": self._lib.fp_image_get_width(image),
            "height": self._lib.fp_image_get_height(image),
        }
        say(header, c.string_at(data, size.value))
        self._number = 0

    def _restart(self) -> None:
        say({"is": "restart", "to": self._number})
        raise EndError

    def _fail(self, error: "c._Pointer[_Error]") -> None:
        """Say what became of the work; ends the process where no other can follow."""
        said = error.contents
        kind = (self._lib.g_quark_to_string(said.domain).decode(), said.code)
        text = said.message.decode(errors="replace")
        self._lib.g_error_free(error)
        if self._is_removed or kind in _GONE:
            self._is_removed = True
        elif kind == _HOT or (kind == _CANCELLED and self._is_late):
            self._restart()
        elif kind == _CANCELLED:
            say({"is": "cancelled", "to": self._number})
        elif "retry" in kind[0] and self._number:
            reason = _RETRIES[kind[1]] if kind[1] < len(_RETRIES) else _RETRIES[0]
            say({"is": "retry", "to": self._number, "reason": reason})
        else:
            code = "no_permission" if kind == _FORBIDDEN else "broken"
            say({"is": "fault", "code": "busy" if text.endswith(_BUSY_TEXT) else code})
            raise EndError
        self._number = 0

    def _cancel(self) -> None:
        if self._cancellable is not None:
            self._lib.g_cancellable_cancel(self._cancellable)

    def _on_orders(self, *_: object) -> int:
        try:
            orders = self._orders.read()
        except EOFError:
            self._is_parent_gone = True
            self._cancel()
            return 0
        for order in orders:
            match order.get("do"), order.get("number"):
                case "ping", _:
                    say({"is": "pong"})
                case "capture", int() as number:
                    self._asked = number
                case "cancel", number if number == self._asked:
                    self._asked = 0
                    say({"is": "cancelled", "to": number})
                case "cancel", number if number == self._number:
                    self._cancel()
        return 1

    def _on_limit(self, *_: object) -> int:
        if self._is_on:
            return 1  # the image is about to come; looked at again
        self._is_late = True
        self._cancel()
        return 0

    def _on_removed(self, *_: object) -> None:
        self._is_removed = True
        self._cancel()  # libfprint itself waits until a transfer fails

    def _on_finger(self, *_: object) -> None:
        status, now = self._lib.fp_device_get_finger_status(self._device), time.monotonic()
        is_on = bool(status & _FINGER_PRESENT)
        if status & _FINGER_NEEDED and not is_on and self._looking > now:
            self._looking = now
        if is_on == self._is_on:
            return
        self._is_on = is_on
        if is_on:
            knew_empty = self._looking - self._lifted < _GLASS_KNOWN_S
            self._was_there = not knew_empty and now - self._looking < self._settle
        else:
            self._lifted = now
        if self._number:
            say({"is": "finger", "to": self._number, "on": is_on})


def main(arguments: list[str]) -> int:
    """Be the station's reader."""
    return serve(lambda orders: Reader(orders, arguments))
