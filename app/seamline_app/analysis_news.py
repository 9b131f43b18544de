"""What the window says of a running analysis, in its status line and message bar."""

from __future__ import annotations

from PySide6.QtGui import QAction

from seamline.analysis.run_report import RunReport
from seamline_app.document import Document
from seamline_app.film_details import rate_text
from seamline_app.jobs.analysis_events import Activity
from seamline_widgets.message_bar import MessageBar
from seamline_widgets.percent import percent_text
from seamline_widgets.status import StatusLine


class AnalysisNews:
    """Puts the job's events into words."""

    def __init__(self, status: StatusLine, messages: MessageBar, resume: QAction) -> None:
        self._status = status
        self._messages = messages
        self._resume = resume

    def tell_activity(self, activity: Activity, document: Document | None) -> None:
        speed = activity.frames_per_s
        times_real_time = seconds_left = None
        if document is not None and speed > 0:
            times_real_time = speed / float(document.film.rate)
            seconds_left = (activity.total - activity.done) / speed
        self._status.set_device(activity.device)
        self._status.set_activity(
            activity.text,
            activity.done,
            activity.total,
            times_real_time=times_real_time,
            seconds_left=seconds_left,
        )

    def tell_finished(self, report: RunReport) -> None:
        self._status.set_device(
            "From the cache" if report.device == "cache" else f"Analysed on {report.device}"
        )
        # what was said of this film when it was opened weighs more
        if report.damage is not None and not self._messages.text:
            self._messages.show_info(report.damage)

    def tell_failed(self, text: str, document: Document | None) -> None:
        can_go_on = document is not None and not document.is_complete
        self._messages.show_error(text, self._resume if can_go_on else None)

    def tell_stopped(self) -> None:
        self._messages.show_info("The analysis is stopped; what was found is kept.", self._resume)

    def tell_summary(self, document: Document) -> None:
        """What is known of the film, while nothing runs."""
        project = document.project
        seams, shots, corrections = len(project.seams), len(project.shots), project.correction_count
        said = [f"{_count(seams, 'seam')}, {_count(shots, 'shot')}", rate_text(project)]
        if corrections:
            said.append(_count(corrections, "correction"))
        if not document.is_complete:
            share = project.analysed_frames / document.film.frame_count
            said.insert(0, f"Analysed as far as {percent_text(share)}")
        self._status.set_idle("   ·   ".join(said))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
