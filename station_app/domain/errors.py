"""Faults that are not bugs: each has a code, and every code has a help text."""


class KnownError(Exception):
    """The environment's fault: something a person can mend.

    `code` names the help text; `message` is one English sentence that says what is wrong
    and what to do next, for the command line and the log. It never holds a secret.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class DeviceLostError(Exception):
    """The device is not there any more: unplugged, or its port is gone."""


class DeviceFaultError(KnownError):
    """The device is there but does not work; `code` says how."""
