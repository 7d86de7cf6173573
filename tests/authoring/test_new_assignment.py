"""An author who has only installed the package: docs/write-an-assignment.md, from an empty folder.

Commands are those of the built wheel, installed into an environment of its own that sees the
libraries of this one, and not the clone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest
from courses import ROOT
from packages import contents, files_of

from autograder.authoring import add_new_assignment
from autograder.course import load_course

NAME = "01-my-idea"
PROJECT = "my-course"
TUTORIAL = ROOT / "docs" / "write-an-assignment.md"
INSTALLS = ("python3 -m venv", "source ", "pip install", "autograder doctor", "jupyter lab")
"""Commands of the tutorial that the fixtures below stand for, or that need a person."""
FILES = {
    "course.yml",
    "nbgrader_config.py",
    f"assignments/{NAME}/{NAME}.ipynb",
    f"assignments/{NAME}/samples.py",
    f"solutions/{NAME}/{NAME}.ipynb",
    f"solutions/{NAME}/samples.py",
    f"solutions/{NAME}/grading/checks.py",
    f"solutions/{NAME}/grading/corpus/right/as-in-the-solution.ipynb",
    f"solutions/{NAME}/grading/corpus/right/sgd-with-momentum.ipynb",
    f"solutions/{NAME}/grading/corpus/wrong/edited-history.ipynb",
    f"solutions/{NAME}/grading/corpus/wrong/expected.yml",
    f"solutions/{NAME}/grading/corpus/wrong/learning-rate-1000.ipynb",
    f"solutions/{NAME}/grading/corpus/wrong/loss-mse.ipynb",
    f"solutions/{NAME}/grading/corpus/wrong/never-fits.ipynb",
    f"solutions/{NAME}/grading/exercise.py",
}
RIGHT = f"solutions/{NAME}/grading/corpus/right/sgd-with-momentum.ipynb"
WRONG = f"solutions/{NAME}/grading/corpus/wrong/never-fits.ipynb"
POINTS = 14


class Computer:
    """A computer on which one wheel is installed, with the libraries of this environment.

    Args:
        folder: Where to make its environment.
        wheel: The wheel.
    """

    def __init__(self, folder: Path, wheel: Path) -> None:
        run(sys.executable, "-m", "venv", "--without-pip", str(folder))
        self._programs = folder / "bin"
        packages = next(folder.glob("lib/python*/site-packages"))
        # A plain path: Python does not follow the .pth files there, one of which names the clone.
        (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        install = ["-m", "pip", "--python", str(folder), "install", "--quiet", "--no-index"]
        run(sys.executable, *install, "--no-deps", str(wheel))

    def type(self, command: str, folder: Path, status: int = 0) -> str:
        """Type a command; what it printed.

        Args:
            command: Such as "autograder grade".
            folder: The working folder.
            status: The exit status that it must have.
        """
        return run("bash", "-c", command, folder=folder, status=status, programs=self._programs)


def run(
    *command: str, folder: Path | None = None, status: int = 0, programs: Path | None = None
) -> str:
    """Run a program; its output."""
    ours = Path(sys.executable).parent  # nbgrader runs the program alembic, which is there
    path = [*([] if programs is None else [str(programs)]), str(ours), os.defpath]
    own = {"PYTHONPATH", "VIRTUAL_ENV"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(  # noqa: S603 - interpreters of our own
        command,
        cwd=folder,
        env={**environment, "PATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def tree(folder: Path) -> set[str]:
    """All files of a folder but caches, by path in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix() for p in paths if "__pycache__" not in p.parts}


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this project, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run(sys.executable, *build, "--wheel-dir", str(folder), str(ROOT))
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def author(wheel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Computer:
    """An author's computer."""
    return Computer(tmp_path_factory.mktemp("author"), wheel_file)


@pytest.fixture(scope="module")
def mine(author: Computer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the author has typed `autograder new`."""
    folder = tmp_path_factory.mktemp("courses") / PROJECT
    folder.mkdir()
    printed = author.type('autograder new 01-my-idea --title "My idea"', folder)
    assert "autograder selftest 01-my-idea" in printed
    return folder


@pytest.fixture(scope="module")
def released(author: Computer, mine: Path) -> Path:
    """The student's package of the author's course."""
    printed = author.type("autograder release", mine)
    assert f"Made release/{PROJECT}-students.zip" in printed
    return mine / "release" / f"{PROJECT}-students.zip"


@pytest.fixture(scope="module")
def submission(author: Computer, mine: Path) -> Path:
    """The submission that the tutorial copies from the corpus."""
    lines = re.findall(r"^    ((?:mkdir|cp) .*)$", TUTORIAL.read_text(), re.MULTILINE)
    author.type(" && ".join(lines), mine)
    return mine / "submitted" / "ada" / NAME / f"{NAME}.ipynb"


def test_wheel_holds_the_package_and_nothing_else(wheel_file: Path) -> None:
    """Modules, templates and the mark of a typed package; no caches, no tests, no course."""
    packed = {name for name in contents(wheel_file) if ".dist-info/" not in name}
    assert packed == {f"autograder/{name}" for name in tree(ROOT / "autograder")}
    assert "autograder/py.typed" in packed
    assert "autograder/authoring/new_assignment/templates/exercise.py.j2" in packed


def test_author_has_no_clone(author: Computer, tmp_path: Path) -> None:
    """The negative control of this module: the source tree is nowhere on the author's path."""
    (tmp_path / "where.py").write_text(
        "import autograder, sys\nprint(autograder.__file__, *sys.path, sep='\\n')\n"
    )
    imported, *path = author.type("python where.py", tmp_path).split()
    assert "site-packages" in imported
    assert str(ROOT) not in path
    assert not Path(imported).is_relative_to(ROOT / "autograder")


def test_new_makes_a_course_and_an_assignment(mine: Path) -> None:
    """An empty folder becomes a course with these files and no others."""
    assert tree(mine) >= FILES
    assert {name for name in tree(mine) if name.startswith("solutions/")} == {
        name for name in FILES if name.startswith("solutions/")
    }


def test_new_course_has_the_settings_of_this_one(mine: Path) -> None:
    """Settings for nbgrader are those of this course, under the new course's name."""
    ours = (ROOT / "nbgrader_config.py").read_text()
    theirs = (mine / "nbgrader_config.py").read_text()
    assert theirs == ours.replace("why-training-changes-weights", PROJECT)


def test_new_modules_follow_our_style(mine: Path) -> None:
    """What authors copy passes the linter with our settings."""
    options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    first_party = ["--config", "lint.isort.known-first-party = ['autograder']"]
    for check in (["check", *first_party], ["format", "--check"]):
        run(sys.executable, "-m", "ruff", *check, *options, "solutions", folder=mine)


@pytest.mark.sandbox
@pytest.mark.slow
def test_new_assignment_passes_its_selftest(author: Computer, mine: Path) -> None:
    """Without a change, the solution, the release version and the corpus are graded as expected."""
    printed = author.type("autograder selftest 01-my-idea --seeds 1", mine)
    for name in ("release", "solution", "right/sgd-with-momentum", "wrong/never-fits"):
        assert name in printed


@pytest.mark.slow
def test_release_pins_the_installed_versions(released: Path) -> None:
    """A course without requirements.lock hands out the versions that grade."""
    files = files_of(released)
    wheel, *lines = files["requirements.txt"].decode().splitlines()
    assert wheel.removeprefix("./") in files
    assert f"tensorflow=={metadata.version('tensorflow')}" in lines
    for line in lines:
        name, _, version = line.partition("==")
        assert version == metadata.version(name)
    assert not [name for name in files if name.endswith(".ipynb")], "a later zip replaces no work"


@pytest.mark.slow
def test_submission_is_checked_in_the_course_folder(
    author: Computer, mine: Path, submission: Path
) -> None:
    """Before it is graded, an author can see what its student sees."""
    file = submission.relative_to(mine)
    printed = author.type(f"autograder check 01-my-idea --file {file}", mine)
    assert f"7 of 7 checks pass, {POINTS} of {POINTS} points" in printed


@pytest.mark.sandbox
def test_class_is_graded(author: Computer, mine: Path, submission: Path) -> None:
    """A right submission gets full marks with the course's own key, a wrong one does not."""
    carls = submission.parents[2] / "carl" / NAME / f"{NAME}.ipynb"
    carls.parent.mkdir(parents=True)
    shutil.copy(mine / WRONG, carls)
    author.type("autograder grade 01-my-idea", mine)
    grades = {
        student: json.loads((mine / "grades" / NAME / f"{student}.json").read_text())
        for student in ("ada", "carl")
    }
    assert grades["ada"]["score"] == POINTS
    failed = [check["name"] for check in grades["carl"]["checks"] if check["points"] == 0]
    assert failed == [
        "fit_returns_history",
        "fit_runs_every_epoch",
        "loss_goes_down",
        "every_weight_changes",
        "accuracy_passes",
    ]
    assert (mine / "feedback" / "carl" / NAME / f"{NAME}.html").is_file()


@pytest.mark.slow
def test_student_is_checked_with_the_students_package(
    released: Path, mine: Path, tmp_path: Path
) -> None:
    """Away from the course, the wheel in the student's package gives the same answers."""
    shutil.unpack_archive(released, tmp_path)
    home = tmp_path / PROJECT
    student = Computer(tmp_path / "environment", next((home / "wheels").iterdir()))
    notebook = home / NAME / f"{NAME}.ipynb"
    student.type("autograder fetch", home)
    printed = student.type(f"autograder check {NAME}", home, status=1)
    assert "0 of 7 checks pass" in printed
    shutil.copy(mine / WRONG, notebook)
    printed = student.type(f"autograder check {NAME} loss_goes_down", home, status=1)
    assert "Call `model.fit(...)`" in printed
    shutil.copy(mine / RIGHT, notebook)
    assert "7 of 7 checks pass" in student.type(f"autograder check {NAME}", home / NAME)


@pytest.mark.sandbox
@pytest.mark.slow
def test_new_assignment_is_calibrated(author: Computer, mine: Path) -> None:
    """The thresholds come out with evidence, and the selftest still passes."""
    printed = author.type("autograder calibrate 01-my-idea --seeds 5", mine, status=1)
    assert "0 of 15 right runs failed" in " ".join(printed.split())
    assert "it makes 999 runs of each right submission" in printed  # so few runs bound little
    grading = mine / "solutions" / NAME / "grading"
    trials = (grading / "trials.jsonl").read_text()
    again = author.type("autograder calibrate 01-my-idea --minutes 0", mine, status=1)
    assert "0 of 15 right runs failed" in " ".join(again.split())
    assert (grading / "trials.jsonl").read_text() == trials
    assert (grading / "calibration.json").is_file()
    assert (grading / "calibration.png").read_bytes().startswith(b"\x89PNG")
    author.type("autograder selftest 01-my-idea --seeds 5", mine)


@pytest.mark.sandbox
@pytest.mark.slow
def test_check_that_cannot_fail_is_a_surprise(author: Computer, mine: Path, tmp_path: Path) -> None:
    """The selftest finds a check that passes everything, and names what it let through."""
    course = tmp_path / PROJECT
    shutil.copytree(mine, course)
    checks = course / "solutions" / NAME / "grading" / "checks.py"
    text = checks.read_text()
    broken = text.replace("    loss_fits(run, finding)\n", '    finding.say("fine")\n')
    assert broken != text
    checks.write_text(broken)
    printed = author.type(f"autograder selftest {NAME} --seeds 1", course, status=1)
    assert "wrong/loss-mse, seeds 0: compile_loss_fits_labels passes, and must fail" in printed


def test_name_that_is_taken_is_refused(author: Computer, mine: Path) -> None:
    """The message gives the reason, and nothing is written."""
    before = tree(mine)
    assert "exists already" in author.type("autograder new 01-my-idea", mine, status=2)
    assert tree(mine) == before


def test_name_that_is_not_valid_leaves_the_folder_empty(author: Computer, tmp_path: Path) -> None:
    """A refused name does not leave half a course."""
    printed = author.type("autograder new My-Idea", tmp_path, status=2)
    assert "is not a name for an assignment" in printed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_release_that_fails_leaves_the_course_as_it_was(author: Computer, tmp_path: Path) -> None:
    """If nbgrader makes no release version, the message says why, and nothing is written."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    settings = 'c = get_config()\nc.GenerateAssignment.preprocessors = ["no_such.Preprocessor"]\n'
    (tmp_path / "nbgrader_config.py").write_text(settings)
    before = (tmp_path / "course.yml").read_bytes()
    assert "no_such" in author.type("autograder new 07-my-idea", tmp_path, status=2)
    assert {path.name for path in tmp_path.iterdir()} == {"course.yml", "nbgrader_config.py"}
    assert (tmp_path / "course.yml").read_bytes() == before


def test_course_file_keeps_its_comments(tmp_path: Path) -> None:
    """A new assignment's entry is added at the end; what was there stays as it was."""
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, tmp_path)
    before = (tmp_path / "course.yml").read_text()
    add_new_assignment(tmp_path, "07-my-idea", "My idea")
    after = (tmp_path / "course.yml").read_text()
    assert after.startswith(before.rstrip("\n"))
    added = after[len(before) :]
    assert "07-my-idea:\n    title: My idea\n" in added
    assert re.search(r"accuracy: 0\.8 +# share of held-out samples\n", added)
    assert load_course(tmp_path).assignment("07-my-idea").thresholds["loss_drop"] == 0.3


def test_tutorial_types_what_is_tested_here() -> None:
    """Each command of the tutorial is typed by a test of this module."""
    typed = Path(__file__).read_text()
    text = re.sub(r"^```.*?^```", "", TUTORIAL.read_text(), flags=re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^    (\w.*)$", text, re.MULTILINE)
    tested = [line for line in commands if not line.startswith((*INSTALLS, "mkdir ", "cp "))]
    assert len(tested) >= 6
    assert [line for line in tested if line.partition(" --file ")[0] not in typed] == []


def test_tutorial_names_files_that_new_makes() -> None:
    """Each file below solutions/ and assignments/ that the tutorial names is there, or will be."""
    named = set(re.findall(rf"`((?:solutions|assignments)/{NAME}/[\w./-]*)`", TUTORIAL.read_text()))
    names = ("calibration.json", "calibration.png", "trials.jsonl")
    calibration = {f"solutions/{NAME}/grading/{name}" for name in names}
    folders = {f"{parent}/" for name in FILES for parent in Path(name).parents}
    assert len(named) >= 8
    assert named - FILES - folders == calibration
