"""Starting the window: Qt, theme, log, signals, and what happens to unexpected faults."""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from seamline_app.exit_codes import FAILED
from seamline_app.folders import Folders

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType

_LOG_BYTES = 1 << 20
_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")
_LEVELS = {
    "QtDebugMsg": logging.DEBUG,
    "QtWarningMsg": logging.WARNING,
    "QtCriticalMsg": logging.ERROR,
    "QtFatalMsg": logging.CRITICAL,
}


def run_window(film: Path | None) -> int:
    """Open the window over `film` (the demo film if None) until it is closed; gives the exit code."""
    folders = Folders.of_this_system()
    _log_to(folders.log)
    try:
        from PySide6.QtCore import QTimer, qInstallMessageHandler
        from PySide6.QtWidgets import QApplication

        from seamline_app.main_window import MainWindow
        from seamline_widgets.theme import apply_theme
    except ImportError as error:
        sys.stderr.write(
            f"seamline: the window cannot start, a system library is missing ({error}). "
            "Run “python3 packaging/bootstrap.py run”, which says how to get it; "
            "“seamline analyze” works without.\n"
        )
        return FAILED
    if _has_no_screen():
        sys.stderr.write(
            "seamline: there is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). "
            "Start it from a desktop, or use “seamline analyze”, which needs none.\n"
        )
        return FAILED
    app = QApplication([sys.argv[0]])
    # from here on: why there is no screen, Qt says to the terminal; what else it says, such as of a sound
    # service that does not answer, helps its developers
    qInstallMessageHandler(_log_qt)
    app.setApplicationName("Seamline")
    app.setApplicationDisplayName("Seamline")
    app.setDesktopFileName("seamline")
    apply_theme(app)
    window = MainWindow(folders)

    def on_fault(kind: type[BaseException], fault: BaseException, at: TracebackType | None) -> None:
        _log.critical("unexpected fault", exc_info=(kind, fault, at))
        window.messages.show_error(
            f"Something went wrong in Seamline ({kind.__name__}: {fault}). Your corrections are stored; "
            f"the log in “{folders.log}” says more."
        )

    sys.excepthook = on_fault
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    # Python runs signal handlers only between its own steps: give it some while Qt waits
    heartbeat = QTimer(window, interval=200)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    window.show()
    QTimer.singleShot(0, lambda: window.open_film(film))
    code = app.exec()
    qInstallMessageHandler(None)  # Qt's last words come when Python is gone
    sys.excepthook = sys.__excepthook__
    return code


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _qt_log.log(_LEVELS.get(kind.name, logging.INFO), text)


def _has_no_screen() -> bool:
    """Whether Qt would find no screen; it would end the process without a word to the user."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in named)


def _log_to(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "seamline.log", maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
        )
    except OSError as error:
        sys.stderr.write(f"seamline: no log is kept in {folder} ({error.strerror})\n")
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
