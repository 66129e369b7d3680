"""Signatures of a long journal, checked by other processes while this one reads on.

A signature costs more than everything else about its entry, and threads of one process check
two at once only in part: between them Python's lock is held. The first few thousand are
checked here: a day's journal starts no process.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final, Self

from station_app.vault import is_signed_by

_FIRST: Final = 5000
_BATCH: Final = 500

Signed = tuple[bytes, bytes]
"""The signed bytes, and the signature."""


class SignatureChecks:
    """Checks many signatures of one key (32 bytes) in other processes; a context manager.

    `processes` share the work, one a core where it is None. They hold no secret, and end with
    this process, killed or not.
    """

    def __init__(self, public_key: bytes, first: int = _FIRST, processes: int | None = None):
        self._public_key = public_key
        self._first = first
        self._processes = processes or len(os.sched_getaffinity(0))
        self._seen = 0
        self._batch: list[Signed] = []
        self._workers: list[tuple[BaseProcess, Connection]] = []
        self._turn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process, connection in self._workers:
            connection.close()
            process.join()

    def take(self, message: bytes, signature: bytes) -> None:
        """Have one more checked; raises `ValueError` where it is known at once to be bad."""
        self._seen += 1
        if self._seen <= self._first:
            if not is_signed_by(self._public_key, message, signature):
                raise ValueError("its checkpoint is not signed by this station")
            return
        self._batch.append((message, signature))
        if len(self._batch) == _BATCH:
            self._hand_over()

    def all_good(self) -> bool:
        """Wait for all results. False also where a process was lost, as its results are unknown."""
        self._hand_over()
        try:
            for _, connection in self._workers:
                connection.send([])
            return all(connection.recv() for _, connection in self._workers)
        except (EOFError, OSError):
            return False

    def _hand_over(self) -> None:
        if not self._batch:
            return
        if not self._workers:
            self._workers = [_start(self._public_key) for _ in range(self._processes)]
        # A lost process is found when the answers are waited for.
        _, connection = self._workers[self._turn % len(self._workers)]
        with contextlib.suppress(OSError):
            connection.send(self._batch)
        self._batch, self._turn = [], self._turn + 1


def _start(public_key: bytes) -> tuple[BaseProcess, Connection]:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_check, args=(there, public_key), daemon=True)
    with _undisturbed():
        process.start()
    there.close()
    return process, here


def _check(connection: Connection, public_key: bytes) -> None:
    """Runs in the other process until an empty batch, or the end of the pipe, arrives."""
    good = True
    with contextlib.suppress(EOFError, OSError):
        while batch := connection.recv():
            good = good and all(is_signed_by(public_key, *signed) for signed in batch)
        connection.send(good)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits; a process started meanwhile inherits that, and never prints a traceback."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
