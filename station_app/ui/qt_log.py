"""Qt's own messages go to the program's log, not to the terminal."""

import logging
import re
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger(__name__)

_PLACE: Final = re.compile(r"Q\w+::\w+")
"""A message begins with the function that it comes from; what follows may be anybody's words."""

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    # Qt warns of what a platform lacks, which is nothing an operator can mend.
    QtMsgType.QtWarningMsg: logging.DEBUG,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_qt_messages() -> None:
    """From now on; call once, before the application object is made."""
    qInstallMessageHandler(_to_log)


def _to_log(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    place = _PLACE.match(message)
    about = {"part": str(context.category).replace(".", "_"), "place": place[0] if place else ""}
    _log.log(_LEVELS[kind], "qt_message", extra=about)
