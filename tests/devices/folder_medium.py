"""A folder in the place of a stick."""

import os
from pathlib import Path

from station_app.devices.media import Medium


def folder_as_medium(folder: Path) -> Medium:
    """A folder in the place of a stick."""
    room = os.statvfs(folder)
    return Medium(
        folder=folder,
        name=folder.name or str(folder),
        size=room.f_blocks * room.f_frsize,
        free=room.f_bavail * room.f_frsize,
        file_system="",
        is_writable=os.access(folder, os.W_OK),
    )
