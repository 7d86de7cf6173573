"""The cell that installs the checks in Colab and VS Code."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from courses import NAME

from autograder.authoring.student_package import first_cell

WHEEL = "autograder_student-0.2.0+sha00000000-py3-none-any.whl"
CELL = first_cell(NAME)


def run_cell(source: str) -> None:
    """Run a cell as a kernel does."""
    exec(compile(source, "<cell>", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own cell


@dataclasses.dataclass
class Environment:
    """An environment without the checks, and what the cell does in it.

    Attributes:
        versions: Installed versions by distribution.
        after: Versions that pip changes.
        commands: The commands that were run.
    """

    versions: dict[str, str]
    after: dict[str, str]
    commands: list[list[str]]

    def run(self, command: list[str], *, check: bool) -> None:
        """Take the place of `subprocess.run`."""
        assert check
        self.commands.append(command)
        if "pip" in command:
            self.versions.update(self.after)

    def distributions(self) -> list[Distribution]:
        """Take the place of `importlib.metadata.distributions`."""
        return [Distribution({"Name": name}, text) for name, text in self.versions.items()]


@dataclasses.dataclass
class Distribution:
    """An installed distribution."""

    metadata: dict[str, str]
    version: str


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """An environment without the checks; the wheel is in the working folder."""
    made = Environment({"numpy": "2.0.2", "rich": "13.7.0"}, {"autograder-student": "0.2.0"}, [])
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(importlib.metadata, "distributions", made.distributions)
    monkeypatch.setattr(subprocess, "run", made.run)
    monkeypatch.chdir(tmp_path)
    (tmp_path / WHEEL).touch()
    return made


def test_cell_does_nothing_where_the_checks_are_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As in JupyterLab on a course's server: no command, no output, no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "run", None)
    run_cell(CELL)
    assert capsys.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_cell_installs_the_wheel_and_fetches_the_data(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the kernel's own Python; if pip replaced nothing, no restart is needed."""
    run_cell(CELL)
    install, fetch = environment.commands
    assert install == [sys.executable, "-m", "pip", "install", "-q", WHEEL]
    assert fetch[0] == sys.executable
    assert fetch[-3:] == ["fetch", NAME, "--here"]
    assert "You do not need to restart" in capsys.readouterr().out


def test_cell_asks_for_a_restart_if_pip_replaced_a_library(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kernel that has imported the old version would mix the two."""
    environment.after["numpy"] = "2.4.0"
    run_cell(CELL)
    printed = capsys.readouterr().out
    assert "Restart the kernel now" in printed
    assert printed.endswith("of: numpy\n")


def test_cell_without_a_wheel_says_what_to_upload(environment: Environment) -> None:
    """The message names the file and where it comes from."""
    Path(WHEEL).unlink()
    with pytest.raises(FileNotFoundError, match="Upload the one from the folder wheels"):
        run_cell(CELL)
    assert environment.commands == []


def test_cell_installs_from_a_web_address(environment: Environment) -> None:
    """An instructor may publish the wheel, and write its address into the cell."""
    address = f"https://example.org/{WHEEL}"
    source = CELL.replace('"**/autograder_student-*.whl"', f'"{address}"')
    run_cell(source)
    assert environment.commands[0][-1] == address
