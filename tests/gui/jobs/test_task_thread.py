"""One task at a time: results, faults, cancelling, being replaced, and the end of the thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from seamline.errors import MediaError
from seamline_app.jobs.task_thread import TaskThread


class Watched:
    def __init__(self) -> None:
        self.thread = TaskThread("tasks under test")
        self.said: list[object] = []
        self.steps: list[tuple[int, int]] = []
        self.thread.done.connect(self.said.append)
        self.thread.failed.connect(self.said.append)
        self.thread.cancelled.connect(lambda: self.said.append("cancelled"))
        self.thread.progressed.connect(lambda done, total: self.steps.append((done, total)))


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    made = Watched()
    yield made
    made.thread.close()


def _until_cancelled(progress, begun: threading.Event) -> None:
    cancelled = threading.Event()
    progress.on_cancel(cancelled.set)
    begun.set()
    assert cancelled.wait(5)
    progress.step(1, 2)


def test_a_result_comes_once_and_from_another_thread(qtbot: QtBot, watched: Watched) -> None:
    watched.thread.run(lambda progress: threading.get_ident())
    assert watched.thread.is_running
    qtbot.waitUntil(lambda: bool(watched.said))
    assert watched.said != [threading.get_ident()]
    assert not watched.thread.is_running


def test_a_sentence_for_each_fault(qtbot: QtBot, watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(progress: object) -> None:
        raise MediaError("The film is gone.")

    watched.thread.run(refuse)
    qtbot.waitUntil(lambda: watched.said == ["The film is gone."])
    watched.thread.run(lambda progress: 1 // 0)
    qtbot.waitUntil(lambda: len(watched.said) == 2)
    assert "ZeroDivisionError" in str(watched.said[1])
    assert "a task of tasks under test" in caplog.text


def test_cancelled_it_says_so_and_takes_the_next_task(qtbot: QtBot, watched: Watched) -> None:
    begun = threading.Event()
    watched.thread.run(lambda progress: _until_cancelled(progress, begun))
    assert begun.wait(5)
    watched.thread.cancel()
    qtbot.waitUntil(lambda: watched.said == ["cancelled"])
    watched.thread.run(lambda progress: "next")
    qtbot.waitUntil(lambda: watched.said == ["cancelled", "next"])


def test_of_tasks_in_quick_succession_only_the_last_is_heard_of(qtbot: QtBot, watched: Watched) -> None:
    begun, all_wished, ran = threading.Event(), threading.Event(), []

    def first(progress: object) -> None:
        begun.set()
        assert all_wished.wait(5)

    watched.thread.run(first)
    assert begun.wait(5)
    for number in range(5):
        watched.thread.run(lambda progress, number=number: ran.append(number) or number)
    all_wished.set()
    qtbot.waitUntil(lambda: bool(watched.said))
    qtbot.wait(30)
    assert watched.said == [4]
    assert ran == [4]


def test_progress_arrives_while_the_task_is_the_newest(qtbot: QtBot, watched: Watched) -> None:
    heard = threading.Event()

    def task(progress: object) -> None:
        progress.step(3, 7)  # type: ignore[attr-defined]
        heard.wait(5)

    watched.thread.run(task)
    qtbot.waitUntil(lambda: bool(watched.steps))
    heard.set()
    assert watched.steps[-1] in ((0, 1), (3, 7))


def test_closing_joins_a_thread_at_work_and_without_one_does_nothing(qtbot: QtBot) -> None:
    watched, begun = Watched(), threading.Event()
    watched.thread.close()
    watched.thread.run(lambda progress: _until_cancelled(progress, begun))
    assert begun.wait(5)
    watched.thread.close()
    qtbot.wait(30)
    assert watched.said == []
    assert not watched.thread.is_running
