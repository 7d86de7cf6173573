"""What students install runs on Windows and macOS: it uses nothing that POSIX alone has."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import windows
from courses import CORPUS, NAME
from nbformat import read, write

from autograder.authoring.student_package import BUNDLED
from autograder.submissions import grade_id

ALLOWED = {
    ("autograder/exercises/time_limit.py", "signal.SIGALRM"): "where there is a timer",
    ("autograder/exercises/time_limit.py", "signal.setitimer"): "where there is a timer",
    ("autograder/exercises/time_limit.py", "signal.ITIMER_REAL"): "where there is a timer",
    ("autograder/submissions/files.py", "os.O_PATH"): "opens a class's submissions; graders only",
    ("autograder/submissions/files.py", "os.O_DIRECTORY"): "opens a class's submissions",
    ("autograder/submissions/files.py", "os.O_NOFOLLOW"): "opens a class's submissions",
    ("autograder/submissions/files.py", "os.O_CLOEXEC"): "opens a class's submissions",
    ("autograder/submissions/files.py", "dir_fd="): "opens a class's submissions",
    ("autograder/results/files.py", "/proc"): "deletes what a killed grader left",
    ("autograder/results/files.py", "os.geteuid"): "writes a class's reports; graders only",
}
"""What may stay, by file and name, with the reason: code that `check` does not run on Windows."""
LIBRARIES = ("tensorflow", "keras", "IPython", "matplotlib.pyplot", "pytest", "_pytest.runner")


POSIX_PATHS = ("/proc", "/dev/", "/tmp", "/etc/", "/usr/", "/home/")  # noqa: S108 - searched for


def posix_names(source: str) -> Iterator[str]:
    """Everything in a module's source that POSIX alone has, as `ALLOWED` names it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in windows.MODULES)
        elif isinstance(node, ast.ImportFrom):
            yield from posix_imports(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in windows.ATTRIBUTES.get(node.value.id, ()):
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg == "dir_fd":
            yield "dir_fd="
        elif isinstance(node, ast.Constant) and str(node.value).startswith(POSIX_PATHS):
            yield str(node.value)


def posix_imports(node: ast.ImportFrom) -> Iterator[str]:
    """What a `from ... import` statement imports that POSIX alone has."""
    module = node.module or ""
    if module in windows.MODULES:
        yield module
    names = windows.ATTRIBUTES.get(module, ())
    yield from (f"{module}.{alias.name}" for alias in node.names if alias.name in names)


def texts_without_encoding(source: str) -> Iterator[int]:
    """Lines that read or write text in whatever encoding the system prefers."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        given = {keyword.arg for keyword in node.keywords}
        if (name == "read_text" and not node.args and "encoding" not in given) or (
            name == "write_text" and len(node.args) == 1 and "encoding" not in given
        ):
            yield node.lineno
        is_open = name == "open" or (isinstance(node.func, ast.Name) and node.func.id == "open")
        modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
        is_binary = any(isinstance(mode, str) and "b" in mode for mode in modes)
        is_os = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "os"
        if is_open and not is_os and not is_binary and "encoding" not in given:
            yield node.lineno


def modules_of(wheel: Mapping[str, bytes]) -> dict[str, str]:
    """The sources of all modules in the wheel, with those of the assignments."""
    return {name: data.decode() for name, data in wheel.items() if name.endswith(".py")}


def test_closure_uses_nothing_that_posix_alone_has(wheel: dict[str, bytes]) -> None:
    """No new name; and each exception in the list is still needed."""
    used = {
        (name, found) for name, text in modules_of(wheel).items() for found in posix_names(text)
    }
    assert used - ALLOWED.keys() == set()
    assert ALLOWED.keys() - used == set()


def test_closure_names_the_encoding_of_every_text(wheel: dict[str, bytes]) -> None:
    """Windows prefers cp1252, and our texts are UTF-8."""
    for name, text in modules_of(wheel).items():
        assert list(texts_without_encoding(text)) == [], name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import fcntl", "fcntl"),
        ("from resource import getrlimit", "resource"),
        ("from os import geteuid", "os.geteuid"),
        ("import os\nos.fork()", "os.fork"),
        ("signal.alarm(1)", "signal.alarm"),
        ("os.open('a', 0, dir_fd=3)", "dir_fd="),
        ("open('/dev/null')", "/dev/null"),
    ],
)
def test_new_posix_name_would_be_refused(source: str, name: str) -> None:
    """The search is able to find each kind."""
    assert list(posix_names(source)) == [name]


@pytest.mark.parametrize(
    "source", ["open('a')", "path.open('w')", "p.read_text()", "p.write_text('a')"]
)
def test_text_without_an_encoding_would_be_refused(source: str) -> None:
    """The search is able to find each kind, and lets binary files pass."""
    assert list(texts_without_encoding(source)) == [1]
    assert list(texts_without_encoding("open('a', 'rb'); p.read_text('utf-8')")) == []


def on_windows(
    wheel: Mapping[str, bytes], folder: Path, program: str
) -> subprocess.CompletedProcess[str]:
    """Run a program where only the wheel's package is found and POSIX's names are missing.

    Args:
        wheel: The wheel's files.
        folder: Takes them, and is the working folder.
        program: Python code.

    Returns:
        The process; its console has Windows' encoding.
    """
    for name, data in wheel.items():
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_bytes(data)
    start = f"import sys; sys.path.insert(0, {str(folder / 'site')!r})\n"
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, windows.__file__, ",".join(LIBRARIES), start + program],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONIOENCODING": "cp1252",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "0",
        },
        capture_output=True,
        encoding="cp1252",
        check=False,
        timeout=300,
    )


def test_check_runs_on_a_notebook_without_what_posix_alone_has(
    wheel: dict[str, bytes], tmp_path: Path
) -> None:
    """All modules can be imported, and `autograder check` gives its verdicts on cp1252."""
    modules = [
        name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for name in modules_of(wheel)
        if not name.startswith(BUNDLED.as_posix())
    ]
    answers = CORPUS / "wrong" / "change-with-sign.ipynb"
    (tmp_path / f"{NAME} (1).ipynb").write_bytes(answers.read_bytes())
    done = on_windows(
        wheel,
        tmp_path,
        f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
        "import autograder, os, signal\n"
        f"assert autograder.__file__.startswith({str(tmp_path)!r})\n"
        "assert not hasattr(signal, 'SIGALRM') and not hasattr(os, 'O_NOFOLLOW')\n"
        f"sys.argv = ['autograder', 'check', {NAME!r}]\n"
        "from autograder.cli.student import main\nmain()\n",
    )
    assert done.returncode == 1, done.stderr
    assert f"Checking {NAME} (1).ipynb." in done.stderr
    assert "[passed] Training lowers the loss (loss_goes_down)  3/3" in done.stdout
    assert (
        "[failed] The weight changes are measured (weight_change_is_measured)  0/2" in done.stdout
    )
    assert done.stdout.rstrip().endswith("9 of 10 checks pass, 16 of 18 points")


@pytest.mark.slow
def test_endless_training_ends_after_the_limit_without_a_timer(
    wheel: dict[str, bytes], tmp_path: Path
) -> None:
    """Its own checks say so; the other functions keep their points."""
    notebook = read(CORPUS / "right" / "as-in-the-lesson.ipynb", 4)
    cell = next(cell for cell in notebook.cells if grade_id(cell) == "train_model")
    cell.source = "def train_model(model, x, y, epochs):\n    while True:\n        pass\n"
    write(notebook, tmp_path / f"{NAME}.ipynb")
    course = f"{BUNDLED.as_posix()}/course.yml"
    limit = b"wall_seconds: 20.0"
    with_limit = wheel[course].replace(b"wall_seconds: 120.0", limit)
    assert limit in with_limit
    done = on_windows(
        {**wheel, course: with_limit},
        tmp_path,
        f"sys.argv = ['autograder', 'check', {NAME!r}]\n"
        "from autograder.cli.student import main\nmain()\n",
    )
    assert done.returncode == 1, done.stderr
    assert "`train_model` did not finish within 10 seconds" in done.stdout
    assert "(weight_change_is_measured)  2/2" in done.stdout
    assert "(loss_goes_down)  0/3" in done.stdout
