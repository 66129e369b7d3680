"""Faults that are not bugs: each has a code; those a desk can meet have a help page each."""

from typing import Final

SCREEN_CODES: Final = (
    "disk_full",
    "disk_fault",
    "no_write_permission",
    "journal_damaged",
    "list_damaged",
    "gallery_damaged",
    "minutiae_damaged",
    "wrong_key",
    "already_running",
    "device_fault",
    "image_unreadable",
    "journal_rolled_back",
    "journal_missing",
    "journal_exchanged",
)
"""Codes of the faults that can block a desk at work, each with a help page in every language.

They come from the disk, the journal and the list (`vault.database`, `vault.disk`), the matching
core (`biometrics.fingerprint`), a scanner (`DeviceFaultError`), images played as fingers, and the
mirror that knows another journal (`journal_rolled_back`); a journal was taken away or exchanged
under the desk.
Faults at the start are said in the terminal and never get here.
"""

JOURNAL_INTACT_CODES: Final = frozenset(
    {
        "disk_full",
        "no_write_permission",
        "already_running",
        "device_fault",
        "image_unreadable",
        "list_damaged",
        "gallery_damaged",
        "minutiae_damaged",
    }
)
"""Faults of `SCREEN_CODES` that say nothing against entries already acknowledged as durable.

A write was refused before it began, or the fault is outside the journal's file. After any
other fault no screen may say that a record is saved.
"""

MIRROR_CODES: Final = (
    "mirror_missing",
    "mirror_full",
    "mirror_unwritable",
    "mirror_damaged",
    "mirror_foreign",
    "mirror_same_disk",
    "mirror_without_recipient",
    "mirror_slow",
    "mirror_catching_up",
    "journal_rolled_back",
)
"""Why the journal's mirror can be behind (`flow.mirroring.Behind`); each has a help page too."""


class KnownError(Exception):
    """The environment's fault: something a person can mend.

    `code` names the help text; `message` is one English sentence that says what is wrong
    and what to do next, for the command line and the log. It never holds a secret.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class DeviceLostError(KnownError):
    """The device is not there any more: unplugged, or its port is gone."""

    def __init__(self, message: str = "", code: str = "device_lost") -> None:
        super().__init__(code, message)


class DeviceFaultError(KnownError):
    """The device is there but does not work; `code` says how."""
