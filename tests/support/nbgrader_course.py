"""Course folders that nbgrader works on, and students' folders around one exchange."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from courses import CORPUS, NAME, ROOT, copy_course
from nbgrader.api import Gradebook

from autograder.course import load_course

RIGHT = CORPUS / "right/as-in-the-lesson.ipynb"
COURSE_ID = "why-training-changes-weights"
_EXCHANGE = """
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.ExchangeCollect.check_owner = False  # one user plays all students here
"""
_WRITES = """\
try:
    open({path!r}, "w").close()
except OSError:
    pass
"""

Scores = dict[str, dict[str, float | None]]


class Exchange:
    """nbgrader's exchange, with everybody's folders beside it.

    Args:
        folder: Where all of it is made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder / "exchange"
        self._root.mkdir(mode=0o777)
        self._root.chmod(0o777)
        self.course = folder / "course"
        self.course.mkdir()
        copy_course(self.course)
        shutil.rmtree(self.course / "assignments")
        self._configure(self.course, (ROOT / "nbgrader_config.py").read_text())

    def student(self, name: str) -> Path:
        """A student's home folder."""
        home = self._folder / name
        if not home.exists():
            home.mkdir()
            # hubs give students the course's settings; here the course file too, for `check`
            shutil.copy(ROOT / "course.yml", home)
            start = f"c = get_config()\nc.CourseDirectory.course_id = {COURSE_ID!r}\n"
            self._configure(home, f"{start}c.ExecutePreprocessor.timeout = 600\n")
        return home

    def inbound(self) -> list[Path]:
        """Submissions in the exchange."""
        return sorted((self._root / COURSE_ID / "inbound").iterdir())

    def _configure(self, home: Path, config: str) -> None:
        more = _EXCHANGE.format(exchange=str(self._root), cache=str(home / ".nbgrader_cache"))
        (home / "nbgrader_config.py").write_text(config + more)


def run(folder: Path, module: str, *arguments: str, fails: bool = False) -> str:
    """Run a command as a person would; its output.

    Args:
        folder: Where.
        module: "nbgrader" or "autograder".
        arguments: Of the command.
        fails: Whether it must fail.
    """
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environment.pop("PYTEST_CURRENT_TEST", None)  # with it a kernel drops what C++ code prints
    done = subprocess.run(  # noqa: S603 - commands of this environment
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    printed = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, printed
    return printed


def answers(which: str) -> dict[str, str]:
    """The functions of a notebook of the corpus, by the ids of their cells."""
    return {
        name: "".join(cell["source"])
        for cell in json.loads((CORPUS / f"{which}.ipynb").read_text())["cells"]
        for name in [cell["metadata"].get("nbgrader", {}).get("grade_id", "")]
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code"
    }


def fill_in(notebook: Path, which: str) -> None:
    """Write a corpus notebook's answers into a student's notebook."""
    written = answers(which)
    found: dict[str, Any] = json.loads(notebook.read_text())
    for cell in found["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in written:
            cell["source"] = written[name]
    notebook.write_text(json.dumps(found))


def notebook_of(home: Path) -> Path:
    """Where `fetch_assignment` puts a student's notebook."""
    return home / NAME / f"{NAME}.ipynb"


def tell_nbgrader(folder: Path, name: str = NAME, settings: str = "") -> None:
    """Configure nbgrader in a course folder, and put an assignment into its gradebook.

    Args:
        folder: A course folder.
        name: The assignment.
        settings: What nbgrader_config.py holds besides the course's own settings.
    """
    config = (ROOT / "nbgrader_config.py").read_text()
    (folder / "nbgrader_config.py").write_text(config + settings)
    run(folder, "nbgrader", "generate_assignment", name, "--force")


def hand_in(folder: Path, student: str, data: bytes, assignment: str = NAME) -> None:
    """Put a file where nbgrader collects it."""
    place = folder / "submitted" / student / assignment
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{assignment}.ipynb").write_bytes(data)


def scores(folder: Path, assignment: str = NAME) -> Scores:
    """The automatic score of each check's grade cell, by student."""
    checks = load_course(folder).assignment(assignment).checks
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            submission.student_id: {
                row.name: row.auto_score
                for book in submission.notebooks
                for row in book.grades
                if row.name in checks
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def with_answer(file: Path, name: str, answer: str) -> bytes:
    """A notebook whose solution cell of that name holds another answer."""
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            cell["source"] = answer
    return json.dumps(notebook).encode()


def writes_a_file(path: Path) -> bytes:
    """The right answers, in a notebook that leaves a file where it is executed unconfined."""
    answer = answers("right/as-in-the-lesson")["compile_model"]
    return with_answer(RIGHT, "compile_model", _WRITES.format(path=str(path)) + answer)
