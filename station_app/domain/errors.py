"""Faults that are not bugs: each has a code; those a desk can meet have a help page each."""

from typing import Final

from station_app.domain.error_codes import Code

SCANNER_CODES: Final = (
    Code.DEVICE_FAULT,
    Code.SCANNER_BUSY,
    Code.SCANNER_DRIVER_MISSING,
    Code.SCANNER_NOT_PERMITTED,
    Code.SCANNER_PROGRAM_REFUSED,
    Code.SCANNER_UNFIT,
    Code.SCANNER_UNPROVEN,
)
"""Faults of a fingerprint scanner that is there; each has a title and a step of its own."""

SCREEN_CODES: Final = (
    Code.DISK_FULL,
    Code.DISK_FAULT,
    Code.NO_WRITE_PERMISSION,
    Code.JOURNAL_DAMAGED,
    Code.LIST_DAMAGED,
    Code.GALLERY_DAMAGED,
    Code.MINUTIAE_DAMAGED,
    Code.WRONG_KEY,
    Code.ALREADY_RUNNING,
    *SCANNER_CODES,
    Code.IMAGE_UNREADABLE,
    Code.JOURNAL_ROLLED_BACK,
    Code.JOURNAL_MISSING,
    Code.JOURNAL_EXCHANGED,
    Code.BATTERY_EMPTY,
)
"""Codes of the faults that can block a desk at work, each with a help page in every language.

They come from the disk, the journal and the list (`vault.database`, `vault.disk`), the matching
core (`biometrics.fingerprint`), a scanner (`DeviceFaultError`), images played as fingers, and the
mirror that knows another journal (`journal_rolled_back`); a journal was taken away or exchanged
under the desk; the battery is nearly empty.
Faults at the start are said in the terminal and never get here.
"""

JOURNAL_INTACT_CODES: Final = frozenset(
    {
        Code.DISK_FULL,
        Code.NO_WRITE_PERMISSION,
        Code.ALREADY_RUNNING,
        *SCANNER_CODES,
        Code.IMAGE_UNREADABLE,
        Code.LIST_DAMAGED,
        Code.GALLERY_DAMAGED,
        Code.MINUTIAE_DAMAGED,
        Code.BATTERY_EMPTY,
    }
)
"""Faults of `SCREEN_CODES` that say nothing against entries already acknowledged as durable.

A write was refused before it began, or the fault is outside the journal's file. After any
other fault no screen may say that a record is saved.
"""

MIRROR_CODES: Final = (
    Code.MIRROR_MISSING,
    Code.MIRROR_FULL,
    Code.MIRROR_UNWRITABLE,
    Code.MIRROR_DAMAGED,
    Code.MIRROR_FOREIGN,
    Code.MIRROR_SAME_DISK,
    Code.MIRROR_WITHOUT_RECIPIENT,
    Code.MIRROR_SLOW,
    Code.MIRROR_CATCHING_UP,
    Code.JOURNAL_ROLLED_BACK,
)
"""Why the journal's mirror can be behind (`flow.mirroring.Behind`); each has a help page too."""

READER_CODES: Final = (
    Code.DOCUMENT_READER_LOST,
    Code.DOCUMENT_READER_FAULT,
    Code.CARD_SERVICE_MISSING,
)
"""Why documents are not read at a desk, which goes on without; each has a help page too."""


class KnownError(Exception):
    """The environment's fault: something a person can mend.

    `code` names the help text; `message` is one English sentence that says what is wrong
    and what to do next, for the command line and the log. It never holds a secret.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[object, ...]:
        """Processes that share work hand their faults over: the code comes along."""
        return _handed_over, (type(self), self.code, self.message), self.__dict__.copy()


def _handed_over(kind: type[KnownError], code: str, message: str) -> KnownError:
    fault = kind.__new__(kind)
    KnownError.__init__(fault, code, message)
    return fault


class DeviceLostError(KnownError):
    """The device is not there any more: unplugged, or its port is gone."""

    def __init__(self, message: str = "", code: str = Code.DEVICE_LOST) -> None:
        super().__init__(code, message)


class DeviceFaultError(KnownError):
    """The device is there but does not work; `code` says how."""
