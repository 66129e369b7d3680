"""One run of a reader's program: its start, its messages both ways, and its certain end."""

import fcntl
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from station_app.devices.hosted.own_program import own_environment, own_program
from station_app.devices.hosted.protocol import Message, MessageReader, ProtocolError, order, packed

ENVIRONMENT: Final[Mapping[str, str]] = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
"""All that a program gets: whoever sets the station's environment reaches none of them."""
_CHUNK: Final = 1 << 18
_PIPE_BYTES: Final = 1 << 20
_MOST_MESSAGES: Final = 150
"""In one second: three times the frames of the fastest reader."""
_LEAVE_S: Final = 0.5


class ProgramEndedError(Exception):
    """The program has ended, or listens no more."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is started: `words` with the program's path first.

    `file` is the open file to start in place of that path, which it closes with `release`.
    `errors` is where its standard error goes: nowhere, for who writes it is not to be believed.
    """

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    file: int | None = None
    errors: int | None = subprocess.DEVNULL

    def release(self) -> None:
        """Close the file: the process has its own."""
        if self.file is not None:
            with suppress(OSError):
                os.close(self.file)


class ReaderProcess:
    """A running program. Used on one lane."""

    def __init__(self, program: Program) -> None:
        """Start it. Raises `OSError` where not even the warden starts."""
        self._messages = MessageReader()
        self._second, self._came = 0.0, 0
        lifeline, self._lifeline = os.pipe()
        what = program.words[0] if program.file is None else str(program.file)
        own = own_environment() if program.file is None else {}
        environment = {**ENVIRONMENT, **own, **program.environment}
        variables = [f"{name}={value}" for name, value in environment.items()]
        files = [lifeline] if program.file is None else [lifeline, program.file]
        try:
            self._warden = subprocess.Popen(  # noqa: S603  (the product's own, no shell)
                [*own_program("warden"), str(lifeline), what, *variables, "--", *program.words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=program.errors,
                env={**environment, **own_environment()},
                cwd="/",
                pass_fds=files,
                start_new_session=True,
                bufsize=0,
            )
        except OSError:
            os.close(self._lifeline)
            raise
        finally:
            os.close(lifeline)
        assert self._warden.stdin is not None
        assert self._warden.stdout is not None
        self._orders, self._answers = self._warden.stdin, self._warden.stdout
        os.set_blocking(self._orders.fileno(), False)
        os.set_blocking(self._answers.fileno(), False)
        with suppress(OSError):  # quicker for pictures, and not everywhere allowed
            fcntl.fcntl(self._answers.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def send(self, do: str, number: int = 0) -> None:
        """Send an order; never waits. Raises `ProgramEndedError`."""
        data = packed(order(do, number))
        try:
            written = os.write(self._orders.fileno(), data)
        except OSError as error:
            raise ProgramEndedError from error
        if written != len(data):
            raise ProgramEndedError  # it has not read for a thousand orders
        if number:
            self._came = 0  # whoever is quick to answer does not flood

    def receive(self, seconds: float) -> Message | None:
        """The next message; None after `seconds` without one.

        Raises `ProgramEndedError`, and `ProtocolError` also where messages come so fast that
        they are no reader's.
        """
        until, is_late = time.monotonic() + seconds, False
        while (message := self._messages.next()) is None:
            left = max(0.0, until - time.monotonic())
            if is_late or not select.select([self._answers], [], [], left)[0]:
                return None
            is_late = left == 0.0  # a program may drip without a pause
            data = os.read(self._answers.fileno(), _CHUNK)
            if not data:
                raise ProgramEndedError
            self._messages.feed(data)
        self._count()
        return message

    def end(self) -> bool:
        """Let the program close its reader, then end it; whether it left on its own."""
        self._orders.close()
        has_left = self.is_gone(_LEAVE_S)
        self.kill()
        return has_left

    def kill(self) -> None:
        """End it without waiting; `is_gone` says when its reader is free again."""
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        self._orders.close()
        self._answers.close()

    def is_gone(self, seconds: float) -> bool:
        """Whether it has ended with all that it started, waiting at most so long."""
        try:
            self._warden.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def give_up(self) -> None:
        """Kill its warden too, with which the program dies."""
        self._warden.kill()
        self._warden.wait()

    def _count(self) -> None:
        now = time.monotonic()
        if now - self._second >= 1:
            self._second, self._came = now, 0
        self._came += 1
        if self._came > _MOST_MESSAGES:
            raise ProtocolError(f"more than {_MOST_MESSAGES} messages in a second")
