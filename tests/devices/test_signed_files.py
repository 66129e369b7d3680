"""Files that the signed settings name: only the very file that was signed is read."""

import hashlib
from pathlib import Path

import pytest

from station_app.devices.signed_files import SignedFile, signed_bytes

DATA = b"-----BEGIN CERTIFICATE-----"
SHA256 = hashlib.sha256(DATA).hexdigest()


def test_the_signed_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers/root.pem").write_bytes(DATA)
    assert signed_bytes(tmp_path, SignedFile("readers/root.pem", SHA256)) == DATA


def test_any_other_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.pem").write_bytes(DATA + b"\n")
    (tmp_path / "link.pem").symlink_to(tmp_path / "root.pem")
    (tmp_path / "root.pem").write_bytes(DATA)
    (tmp_path / "large.pem").write_bytes(bytes(70_000))
    for name, why in (
        ("other.pem", "not the file"),
        ("missing.pem", "cannot be read"),
        ("large.pem", "cannot be read"),
        ("link.pem", "cannot be read"),
        ("../root.pem", "no path"),
        ("/etc/hostname", "no path"),
    ):
        with pytest.raises(ValueError, match=why):
            signed_bytes(tmp_path, SignedFile(name, SHA256))
