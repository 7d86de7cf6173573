"""Every mark arrives: from the roster and the zip to the files that three systems import.

One student of each kind: full marks, a failed check, a grader error, late with an extension, late
without one, and one who handed in nothing.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from collect_folder import METADATA, gradescope_metadata
from courses import CORPUS, NAME, ROOT, copy_course
from lms_import import read_brightspace, read_canvas, read_moodle

from autograder.cli.console import INCOMPLETE, SUCCESS
from autograder.course import load_course

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

TITLE = load_course(ROOT).assignment(NAME).title
RIGHT = CORPUS / "right/as-in-the-lesson.ipynb"
WRONG = CORPUS / "wrong/change-with-sign.ipynb"
ON_TIME = "2027-02-14 10:00:00.000000000 Z"
HANDED_IN = {
    "ada": (RIGHT, ON_TIME),
    "bob": (WRONG, ON_TIME),
    "eve": (RIGHT, ON_TIME),
    "leo": (RIGHT, "2027-02-17 09:00:00.000000000 Z"),
    "max": (RIGHT, "2027-02-16 10:00:00.000000000 Z"),
}
"""Each student's notebook and when it was handed in; it is due on 2027-02-15, 23:59 in Berlin."""
CLASS = (*HANDED_IN, "zoe")
EXTENSIONS = f'- {{student: leo, assignment: {NAME}, days: 3, reason: "ill, with a note"}}\n'
LATE = "time_zone: Europe/Berlin\nlate: {percent_per_day: 10, most_percent: 50}\n"
EXPECTED = {"ada": 18, "bob": 16, "eve": None, "leo": 18, "max": 16.2, "zoe": None}
"""One day late costs a tenth of 18 points; an error of the grader's and nothing are no marks."""
FAILING = Path(__file__).parents[1] / "support" / "failing_grader.py"

CANVAS = f"Student,ID,SIS User ID,SIS Login ID,Section,{TITLE} (42)\n" + "".join(
    f'"{name.title()}, Test",{100 + i},u{i},{name},A,{i}\n' for i, name in enumerate(CLASS)
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
) + "".join(
    f"Participant {i},{name.title()},{name},Submitted,-,18.00,Yes,-,-,\n"
    for i, name in enumerate(CLASS)
)
BRIGHTSPACE = (
    f"OrgDefinedId,Username,{TITLE} Points Grade <Numeric MaxPoints:18 Weight:10>,"
    "End-of-Line Indicator\r\n"
) + "".join(f"#{name},{name}.x,,#\r\n" for name in CLASS)


class Walk:
    """A course folder in which the commands are typed, one after the other.

    Attributes:
        root: The folder.
    """

    def __init__(self, root: Path, database: str | None) -> None:
        self.root = root
        copy_course(root)
        course = root / "course.yml"
        course.write_text(course.read_text() + LATE)
        (root / "extensions.yml").write_text(EXTENSIONS)
        if database is not None:
            config = root / "nbgrader_config.py"
            config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {database!r}\n")
        for name, text in (("canvas", CANVAS), ("moodle", MOODLE), ("brightspace", BRIGHTSPACE)):
            (root / f"{name}.csv").write_bytes(text.encode())
        (root / "submissions.zip").write_bytes(archive())

    def type(self, module: str, *arguments: str, status: int, fails_on: str = "") -> str:
        """Type a command; returns what it printed.

        Args:
            module: "autograder" or "nbgrader".
            arguments: Of the command.
            status: The exit status that it must have.
            fails_on: A student on whom the grader breaks.
        """
        start = [str(FAILING), fails_on] if fails_on else ["-m"]
        done = subprocess.run(  # noqa: S603 - commands of this environment
            [sys.executable, *start, module, *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        printed = done.stdout + done.stderr
        assert done.returncode == status, printed
        assert module == "nbgrader" or "Traceback" not in printed  # nbgrader logs its own
        return printed

    def begin(self) -> None:
        """Roster in, zip collected."""
        self.type("autograder", "roster", "canvas.csv", status=SUCCESS)
        self.type("autograder", "collect", "submissions.zip", status=SUCCESS)

    def export(self, system: str) -> bytes:
        """The file that a system imports."""
        arguments = ("--roster", f"{system}.csv", "--out", "import.csv")
        self.type("autograder", "export", system, NAME, *arguments, status=INCOMPLETE)
        return (self.root / "import.csv").read_bytes()

    def require_marks(self) -> None:
        """Every system takes the right number or blank, and `json` has each status."""
        numbers = {student: score for student, score in EXPECTED.items() if score is not None}
        canvas = read_canvas(self.export("canvas"), f"{TITLE} (42)")
        assert canvas == {str(100 + i): EXPECTED[name] for i, name in enumerate(CLASS)}
        moodle = read_moodle(self.export("moodle"))
        assert moodle == {str(i): numbers[n] for i, n in enumerate(CLASS) if n in numbers}
        assert read_brightspace(self.export("brightspace"), TITLE) == numbers
        self.type("autograder", "export", "json", NAME, "--out", "marks.json", status=INCOMPLETE)
        marks = json.loads((self.root / "marks.json").read_text())
        assert {mark["student"]: mark["score"] for mark in marks} == EXPECTED
        statuses = {mark["student"]: mark["status"] for mark in marks}
        assert statuses == {
            **dict.fromkeys(CLASS, "graded"),
            "eve": "grader_error",
            "zoe": "missing",
        }


def archive() -> bytes:
    """The zip of a class, as Gradescope makes it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        entries = []
        for i, (student, (notebook, created)) in enumerate(HANDED_IN.items()):
            folder = f"submission_{i}"
            file.writestr(
                METADATA.replace("submission_metadata.yml", f"{folder}/{NAME}.ipynb"),
                notebook.read_bytes(),
            )
            person = (student.title(), student, f"{student}@example.org")
            entries.append((folder, [person], created))
        file.writestr(METADATA, gradescope_metadata(*entries))
    return data.getvalue()


@pytest.fixture(params=["sqlite", "postgresql"])
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Walk:
    """The course; its gradebook is a file, or a database of a server."""
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres").create_database()
    return Walk(tmp_path, database)


def test_marks_arrive_in_every_system(walk: Walk) -> None:
    """Graded by `autograder grade`; the history says why the late ones have what they have."""
    walk.begin()
    printed = walk.type("autograder", "grade", NAME, status=INCOMPLETE, fails_on="eve")
    assert "1 submission without a mark" in printed
    assert "zoe" in printed
    walk.require_marks()
    history = walk.type("autograder", "history", "max", NAME, status=SUCCESS)
    assert "Late penalty: 1.8 off, before 0." in history
    assert "16.2 of 18 points, 1.8 fewer" in history


def test_marks_arrive_by_the_drop_in(walk: Walk) -> None:
    """`nbgrader autograde` with the shipped configuration gives the same marks."""
    config = walk.root / "nbgrader_config.py"
    exporter = '\nc.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"\n'
    config.write_text(config.read_text() + exporter)
    walk.begin()
    walk.type("nbgrader", "generate_assignment", NAME, "--force", status=0)
    walk.type("nbgrader", "autograde", NAME, status=1, fails_on="eve")
    walk.require_marks()
