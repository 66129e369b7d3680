"""Commands that are one for fingerprints and another for faces."""

from typing import Any, Final

from typer.core import TyperGroup

FINGERPRINTS: Final = "fingerprints"


class FingerprintsUnlessNamed(TyperGroup):
    """A group whose command for fingerprints may be left unnamed: `calibrate DIR`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = [FINGERPRINTS, *args]
        return super().parse_args(ctx, args)
