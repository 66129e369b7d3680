"""The whole command line in this process, with what people type unseen."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from station_app.assembly.command_line import app
from station_app.commands import passphrases, provision
from station_app.vault import Cost, issuer

QUICK = Cost(memory_kib=8, iterations=1)


def run(*words: str | Path, code: int = 0, typed: str | None = None) -> Result:
    """`station-app WORDS`, ended with `code`; `typed` is what comes from standard input."""
    result = CliRunner().invoke(app, [str(word) for word in words], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    assert result.exit_code == code, result.output
    return result


def answer(*words: str | Path, code: int = 0) -> Any:
    """What `station-app WORDS --json` prints."""
    return json.loads(run(*words, "--json", code=code).stdout)


def secret_file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.touch(mode)
    path.write_text(text + "\n", encoding="utf-8")
    path.chmod(mode)
    return path


class Typing:
    """Answers getpass with what was laid ready, and keeps what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ready: Iterator[str] = iter(())
        self.asked: list[str] = []
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(passphrases, "_typed", self._answer)

    def ready(self, *texts: str) -> None:
        self._ready = iter(texts)

    def _answer(self, prompt: str) -> str:
        self.asked.append(prompt)
        return next(self._ready)


def make_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases, the commission's and a station's, that cost next to nothing to try."""
    monkeypatch.setattr(issuer, "measure_cost", lambda: QUICK)
    monkeypatch.setattr(provision, "measure_cost", lambda: QUICK)
