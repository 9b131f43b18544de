"""When the environment is made, made anew, completed, or left alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
import setup_flow
from fake_run import FakeRun
from setup_commands import Finished, SetupError
from setup_environment import ensure, left_to_do, only_set_up_here, try_lock
from setup_stamp import Layout, Stamp

FAILED = Finished(1, "ERROR: No matching distribution found for torch==2.13.0\n")


def test_a_first_set_up_makes_the_environment_installs_and_fetches_the_networks(
    layout: Layout, run: FakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure(layout, "run", run)
    assert "-m venv" in run.commands[0]
    parts = ("--upgrade pip", "hatchling", "--editable .", "install-defaults")
    assert [run.count(part) for part in parts] == [1, 1, 1, 1]
    assert run.count("[test]") == 0
    assert "install-defaults" in run.commands[-1]
    shown = capsys.readouterr()
    assert shown.out == ""  # stdout belongs to the program
    assert "Making .venv" in shown.err
    assert not layout.unfinished.exists()


def test_a_second_set_up_starts_nothing(
    layout: Layout, run: FakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure(layout, "run", run)
    run.commands.clear()
    capsys.readouterr()
    ensure(layout, "run", run)
    assert run.commands == []
    assert capsys.readouterr().err == ""


def test_run_is_satisfied_by_a_set_up_for_tests(layout: Layout, run: FakeRun) -> None:
    ensure(layout, "test", run)
    assert run.count("--editable .[test]") == 1
    assert left_to_do(layout, "run") == []


def test_tests_complete_a_set_up_for_running(layout: Layout, run: FakeRun) -> None:
    ensure(layout, "run", run)
    run.commands.clear()
    ensure(layout, "test", run)
    assert run.count("-m venv") == 0
    assert run.count("--editable .[test]") == 1
    assert left_to_do(layout, "test") == []


@pytest.mark.parametrize("name", ["pyproject.toml", "packaging/constraints.txt"])
def test_changed_requirements_are_installed_into_the_same_environment(
    layout: Layout, run: FakeRun, name: str
) -> None:
    ensure(layout, "test", run)
    run.commands.clear()
    with (layout.root / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    ensure(layout, "run", run)
    assert run.count("-m venv") == 0
    assert run.count("--editable .[test]") == 1  # the test tools stay up to date


def test_a_removed_network_is_installed_again_and_nothing_else(layout: Layout, run: FakeRun) -> None:
    layout.installed_models.mkdir(parents=True)
    ensure(layout, "run", run)
    layout.installed_models.mkdir(parents=True)
    network = layout.installed_models / "network.onnx"
    network.touch()
    ensure(layout, "run", run)
    network.unlink()
    run.commands.clear()
    ensure(layout, "run", run)
    assert len(run.commands) == 1
    assert "install-defaults" in run.commands[0]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), SystemExit(1)])
def test_an_interrupted_installation_is_noticed_and_redone(
    layout: Layout, run: FakeRun, interruption: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    run.failures["--editable"] = interruption
    with pytest.raises(type(interruption)):
        ensure(layout, "run", run)
    half = layout.venv / "half-written"
    half.mkdir()
    run.failures.clear()
    ensure(layout, "run", run)
    assert "interrupted" in capsys.readouterr().err
    assert run.count("-m venv") == 2
    assert not half.exists()
    assert left_to_do(layout, "run") == []


def test_an_interruption_while_the_environment_is_made_is_noticed(layout: Layout, run: FakeRun) -> None:
    run.failures["-m venv"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        ensure(layout, "run", run)
    run.failures.clear()
    ensure(layout, "run", run)
    assert left_to_do(layout, "run") == []


def test_after_an_interruption_at_the_networks_only_they_are_left(layout: Layout, run: FakeRun) -> None:
    run.failures["install-defaults"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        ensure(layout, "run", run)
    assert [step.__name__ for step in left_to_do(layout, "run")] == ["models"]


def test_a_failure_of_pip_is_a_sentence_and_the_next_try_builds_on_what_is_there(
    layout: Layout, run: FakeRun
) -> None:
    run.failures["--editable"] = FAILED
    with pytest.raises(SetupError, match=r"no fitting build of torch==2\.13\.0"):
        ensure(layout, "run", run)
    assert "No matching distribution" in layout.log.read_text("utf-8")
    run.failures.clear()
    ensure(layout, "run", run)
    assert run.count("-m venv") == 1
    assert left_to_do(layout, "run") == []


def test_a_failure_of_the_networks_is_a_sentence(layout: Layout, run: FakeRun) -> None:
    run.failures["install-defaults"] = Finished(1, "Its checksum is wrong. Try again later.\n")
    with pytest.raises(SetupError, match="checksum is wrong"):
        ensure(layout, "run", run)


def test_networks_that_can_wait_do_not_stop_the_start_and_are_tried_again(
    layout: Layout, run: FakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run.failures["install-defaults"] = Finished(3, "Installing A\nSeamline starts without A.\n")
    assert setup_flow.main("run", [], root=layout.root, run=run) == [str(layout.program("seamline"))]
    assert "Note: Seamline starts without A.\n" in capsys.readouterr().err
    assert [step.__name__ for step in left_to_do(layout, "run")] == ["models"]
    run.failures.clear()
    ensure(layout, "run", run)
    assert left_to_do(layout, "run") == []


def test_what_the_networks_say_themselves_is_not_guessed_about(layout: Layout, run: FakeRun) -> None:
    sentence = (
        "A could not be fetched: No matching distribution found for a==1. Then run “python --from FILE”."
    )
    run.failures["install-defaults"] = Finished(1, f"Installing A\n{sentence}\n")
    with pytest.raises(SetupError) as told:
        ensure(layout, "run", run)
    assert str(told.value) == f"The default networks could not be installed. {sentence}"
    run.failures["install-defaults"] = Finished(
        1, "Traceback (most recent call last):\nOSError: [Errno 28]\n"
    )
    with pytest.raises(SetupError, match="The disk is full"):
        ensure(layout, "run", run)


def test_a_lock_among_the_networks_is_no_change(layout: Layout, run: FakeRun) -> None:
    layout.installed_models.mkdir(parents=True)
    ensure(layout, "run", run)
    layout.installed_models.mkdir(parents=True, exist_ok=True)
    ensure(layout, "run", run)
    (layout.installed_models / ".network.pth.lock").touch()
    assert left_to_do(layout, "run") == []


def test_a_python_without_pip_names_the_package_that_brings_it(layout: Layout, run: FakeRun) -> None:
    run.failures["-m venv"] = Finished(1, "ensurepip is not available")
    with pytest.raises(SetupError, match="comes without pip"):
        ensure(layout, "run", run)


def test_an_environment_of_another_python_is_made_anew(layout: Layout, run: FakeRun) -> None:
    ensure(layout, "run", run)
    replace(Stamp.load(layout.stamp), interpreter="cpython 3.9 sparc /elsewhere").save(layout.stamp)
    (layout.venv / "old").touch()
    ensure(layout, "run", run)
    assert run.count("-m venv") == 2
    assert not (layout.venv / "old").exists()


def test_an_environment_whose_python_has_gone_is_made_anew(layout: Layout, run: FakeRun) -> None:
    ensure(layout, "run", run)
    layout.program("python").unlink()
    ensure(layout, "run", run)
    assert run.count("-m venv") == 2


def test_an_environment_that_someone_else_made_is_left_alone(layout: Layout, run: FakeRun) -> None:
    layout.venv.mkdir()
    (layout.venv / "pyvenv.cfg").touch()
    with pytest.raises(SetupError, match="Rename or delete it"):
        ensure(layout, "run", run)
    assert run.commands == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"level": "other"}'])
def test_a_damaged_stamp_counts_as_none(layout: Layout, text: str) -> None:
    layout.venv.mkdir()
    layout.stamp.write_text(text, "utf-8")
    assert Stamp.load(layout.stamp) == Stamp()


def test_missing_libraries_are_named_again_until_they_are_there(
    layout: Layout, run: FakeRun, set_missing: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    set_missing("libegl1")
    ensure(layout, "run", run)
    run.commands.clear()
    capsys.readouterr()
    ensure(layout, "run", run)
    assert capsys.readouterr().err == "install libegl1\n"
    set_missing()
    ensure(layout, "run", run)
    assert left_to_do(layout, "run") == []
    assert run.commands == []


def test_only_one_set_up_works_at_a_time(layout: Layout) -> None:
    layout.venv.mkdir()
    ask = f"import sys; sys.path[:0] = {sys.path!r}; import setup_environment as other; "
    ask += "file = open(sys.argv[1], 'a+b'); print(other.try_lock(file.fileno()))"
    command = [sys.executable, "-c", ask, str(layout.lock)]
    with only_set_up_here(layout.lock):
        assert subprocess.check_output(command, text=True).strip() == "False"
    with layout.lock.open("a+b") as file:
        assert try_lock(file.fileno())


def test_the_flow_gives_the_program_or_a_sentence(
    layout: Layout, run: FakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run.failures["-m venv"] = OSError(28, "No space left on device")
    assert setup_flow.main("run", [], root=layout.root, run=run) == 1
    assert "No space left on device" in capsys.readouterr().err
    run.failures.clear()
    outcome = setup_flow.main("run", ["a film.mp4"], root=layout.root, run=run)
    assert outcome == [str(layout.program("seamline")), "a film.mp4"]
    layout.program("seamline").unlink()
    assert setup_flow.main("run", [], root=layout.root, run=run) == 1
    assert "is missing. Delete" in capsys.readouterr().err
