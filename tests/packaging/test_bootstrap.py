"""The script itself: its use, the Python it needs, how it hands over, and the checks it runs."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
import setup_checks
import setup_commands
from setup_stamp import Layout


@pytest.fixture
def bootstrap(root: Path) -> ModuleType:
    """The script, loaded by its path."""
    spec = importlib.util.spec_from_file_location("bootstrap", root / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_packaging_folder_is_no_package(root: Path) -> None:
    # it would hide the packaging library
    assert not (root / "packaging" / "__init__.py").exists()


def test_the_script_parses_on_an_old_python(root: Path) -> None:
    ast.parse((root / "packaging" / "bootstrap.py").read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("arguments", [[], ["walk"], ["--version"]])
def test_wrong_use_is_2_and_shows_the_use(
    bootstrap: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(arguments) == 2
    assert "bootstrap.py run" in capsys.readouterr().err


def test_help_shows_the_use(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["--help"]) == 0
    assert "bootstrap.py test" in capsys.readouterr().out


def test_without_a_fitting_python_it_says_which_to_install(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    assert bootstrap.main(["run"]) == 1
    assert "Seamline needs Python 3.11 to 3.13, and this is Python 3.9" in capsys.readouterr().err


def test_a_fitting_python_on_the_path_takes_over(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[list[str]] = []

    def become(command: list[str]) -> int:
        taken.append(command)
        return 0

    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (3, sys.version_info[1]))
    monkeypatch.setattr(bootstrap, "NEWEST_PYTHON", (3, sys.version_info[1]))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: sys.executable if name[-1] != "y" else None)
    monkeypatch.setattr(bootstrap, "become", become)
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    assert bootstrap.main(["run", "a film.mp4"]) == 0
    assert taken[0][0] == sys.executable
    assert taken[0][-2:] == ["run", "a film.mp4"]
    assert f"This is Python 3.9; going on with {sys.executable}" in capsys.readouterr().err


def test_the_programs_exit_code_is_the_scripts(root: Path) -> None:
    path = str(root / "packaging")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bootstrap; "
    code += "sys.exit(bootstrap.become([sys.executable, '-c', 'raise SystemExit(130)']))"
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 130


def test_an_interrupted_set_up_exits_130(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("setup_flow.main", interrupted)
    monkeypatch.setattr(sys, "path", sys.path[:])
    assert bootstrap.main(["run"]) == 130
    assert "The same command goes on" in capsys.readouterr().err


def test_the_continuous_integration_calls_the_test_command(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.read_text("utf-8").splitlines()[-1] == "python3 packaging/bootstrap.py test"
    assert os.name == "nt" or os.access(script, os.X_OK)


def test_a_running_program_gives_code_and_output() -> None:
    code = "import sys; print('Progress 5 of 10'); print('out'); print('err', file=sys.stderr); sys.exit(3)"
    finished = setup_commands.run([sys.executable, "-u", "-c", code])
    assert finished == setup_commands.Finished(3, "out\nerr\n")


def test_a_program_that_does_not_exist_is_127() -> None:
    assert setup_commands.run(["seamline-has-no-such-program"]).code == 127


def test_pip_installs_into_the_environment_from_the_users_own_index() -> None:
    given = {"PIP_USER": "1", "PIP_TARGET": "x", "PIP_INDEX_URL": "mine", "PATH": "p"}
    assert setup_commands.clean_environment(given) == {"PIP_INDEX_URL": "mine", "PATH": "p"}


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("NewConnectionError(...)\nERROR: No matching distribution found for x", "network cannot be reached"),
        ("ERROR: Cannot install a>=1 because these package versions have", "no fitting build of a>=1"),
        ("ERROR: Could not install: [Errno 13] Permission denied: 'x'", "Writing is not permitted"),
        ("first\nERROR: something else\nlast", "It said: ERROR: something else"),
        ("", "It said: nothing"),
    ],
)
def test_the_reason_of_a_failure_is_a_sentence(output: str, sentence: str) -> None:
    assert sentence in setup_commands.reason_of(output)


def test_all_checks_run_and_one_failure_fails(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    called: list[str] = []

    def call(command: Sequence[str], _: Layout) -> int:
        called.append(" ".join(command[1:] or command))
        return 1 if "ruff check" in called[-1] else 0

    assert setup_checks.check(layout, [], call) == 1
    assert called[:3] == ["-m ruff check", "-m ruff format --check", "-m mypy"]
    assert "lint-imports" in called[3]
    assert called[4:] == ["-m pytest -m not timed -n 2 --dist loadfile", "-m pytest -m timed"]
    shown = capsys.readouterr().out
    assert "FAILED  lint" in shown
    assert "passed  tests" in shown
    assert setup_checks.check(layout, [], lambda *_: 0) == 0


def test_with_arguments_only_pytest_runs_and_its_code_counts(layout: Layout) -> None:
    called: list[list[str]] = []

    def call(command: Sequence[str], _: Layout) -> int:
        called.append(list(command[1:]))
        return 5

    assert setup_checks.check(layout, ["-k", "stamp"], call) == 5
    assert called == [["-m", "pytest", "-k", "stamp"]]
