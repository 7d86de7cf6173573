"""What decides a mark, and what evidence depends on: their digests change with that alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from courses import NAME, ROOT, copy_course

from autograder.authoring.calibration import evidence_digest
from autograder.course import Course, KeyedSeeds, course_key, load_course
from autograder.grading import grading_code, grading_digest

WITH_HELPERS, WITH_DATA = "04-weight-steps", "02-house-prices"
DECIDES = ("checks", "exercises", "sandbox", "submissions", "wire")
"""Rooms whose modules all decide a mark; `__init__.py` only says what a room exports."""
DECIDES_TOO = (
    "course/models.py",
    "course/seeds.py",
    "grading/endings.py",
    "grading/grader.py",
    "grading/scorer.py",
    "grading/session.py",
    "results/grade.py",
)
ELSEWHERE = {
    # Which file is graded: the Grade has its digest.
    "submissions/finding.py": "submission_sha256",
    "submissions/naming.py": "submission_sha256",
    "submissions/own_file.py": "submission_sha256",
    "submissions/ownership.py": "submission_sha256",
    # Only where students build the model.
    "checks/building.py": "02-house-prices",
}
"""Modules of these rooms that decide no mark of this assignment, and what they decide instead."""
DECIDES_NOTHING = ("authoring", "cli", "collecting", "feedback", "outputs", "student")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this package, which the digests read in place of it."""
    copy = tmp_path / "autograder"
    shutil.copytree(ROOT / "autograder", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("autograder.grading.provenance._PACKAGE", copy)
    return copy


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A course for this test alone."""
    return copy_course(tmp_path / "course")


def digest_of(course: Course, name: str = NAME) -> str:
    """The digest of what grades an assignment, with the course's own key."""
    seeds = KeyedSeeds(course_key(course.key_file), name)
    return grading_digest(course, course.assignment(name), seeds)


def touch(path: Path) -> None:
    """Add a line that does nothing to a module."""
    path.write_bytes(path.read_bytes() + b"\n# touched\n")


def test_every_module_that_runs_and_checks_decides_the_mark(own: Course, package: Path) -> None:
    """Touching any one of them gives another digest, so that standing Grades are made again."""
    closure = {path.relative_to(package) for path in grading_code(own.folder(NAME))}
    rooms = {
        path.relative_to(package) for room in DECIDES for path in (package / room).rglob("*.py")
    }
    elsewhere = set(map(Path, ELSEWHERE))
    assert closure >= {path for path in rooms if path.name != "__init__.py"} - elsewhere
    assert not closure & elsewhere
    building = {path.relative_to(package) for path in grading_code(own.folder(WITH_DATA))}
    assert Path("checks/building.py") in building
    assert closure >= set(map(Path, DECIDES_TOO))
    before = digest_of(own)
    unnoticed = []
    for module in sorted(closure):
        text = (package / module).read_bytes()
        touch(package / module)
        if digest_of(own) == before:
            unnoticed.append(module)
        (package / module).write_bytes(text)
    assert unnoticed == []
    assert digest_of(own) == before


def test_modules_that_show_store_and_collect_decide_nothing(own: Course, package: Path) -> None:
    """Touching all of them at once leaves the digest as it was."""
    before = digest_of(own)
    modules = [path for room in DECIDES_NOTHING for path in (package / room).rglob("*.py")]
    assert len(modules) > 50
    for path in [*modules, package / "drop_in.py", package / "__main__.py"]:
        touch(path)
    assert digest_of(own) == before


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (WITH_HELPERS, f"{WITH_HELPERS}.ipynb"),
        (WITH_HELPERS, "sweetness.py"),
        (WITH_HELPERS, "grading/exercise.py"),
        (WITH_HELPERS, "grading/checks.py"),
        (WITH_HELPERS, "grading/by_hand.py"),
        (WITH_DATA, "houses.csv"),
        (WITH_DATA, "grading/held_out.csv"),
    ],
)
def test_files_of_the_assignment_decide_the_mark(own: Course, name: str, place: str) -> None:
    """Its notebook, its data, its exercise and checks, and the modules that these import."""
    before = digest_of(own, name)
    touch(own.folder(name).path / place)
    assert digest_of(own, name) != before


def test_corpus_and_evidence_decide_nothing(own: Course) -> None:
    """Neither do scripts in `grading` that nothing imports, nor other assignments."""
    before = digest_of(own, WITH_HELPERS)
    folder = own.folder(WITH_HELPERS)
    for path in (folder.evidence, folder.evidence_picture, own.folder(NAME).checks):
        touch(path)
    (folder.corpus / "wrong").mkdir(parents=True)
    (folder.corpus / "wrong" / "expected.yml").write_text("never-fits: {}\n")
    (folder.grading / "draw_figures.py").write_text("print('figures')\n")
    assert digest_of(own, WITH_HELPERS) == before


def test_course_key_decides_the_mark(own: Course) -> None:
    """Another key gives other seeds."""
    before = digest_of(own)
    own.key_file.write_text("fedcba9876543210" * 4 + "\n")
    assert digest_of(own) != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wall_seconds: 120", "wall_seconds: 121"),
        ("initial_weights: 11", "initial_weights: 10"),
        ("preload: [matplotlib.pyplot]", "preload: []"),
        ("compile_reports_accuracy: 1", "compile_reports_accuracy: 2"),
        ("loss_drop: 0.3 ", "loss_drop: 0.31 "),
    ],
)
def test_limits_and_rubric_decide_the_mark(own: Course, old: str, new: str) -> None:
    """So do practice seeds, which exercises keep away from, and modules that are preloaded."""
    assert digest_of(edited(own, old, new)) != digest_of(own)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Your first training", "title: The first training"),
        ("due: 2027-02-15T23:59:00+01:00", "due: 2027-02-16T23:59:00+01:00"),
        ("error_share: 0.8", "error_share: 0.7"),
        ("# What one submission may use.", "# Limits."),
    ],
)
def test_words_and_dates_decide_nothing(own: Course, old: str, new: str) -> None:
    """Nor does the rubric of another assignment."""
    assert digest_of(edited(own, old, new)) == digest_of(own)


def edited(course: Course, old: str, new: str) -> Course:
    """The course with an edit in its course file."""
    path = course.root / "course.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return load_course(course.root)


@pytest.fixture
def evidenced(own: Course) -> Course:
    """A course in which one assignment has its corpus."""
    corpus = load_course(ROOT).folder(NAME).corpus
    shutil.copytree(corpus, own.folder(NAME).corpus)
    return own


def evidence_of(course: Course) -> str:
    """The digest that the evidence of an assignment carries."""
    return evidence_digest(course, course.assignment(NAME))


def test_evidence_does_not_depend_on_text_that_does_nothing(
    evidenced: Course, package: Path
) -> None:
    """Comments, docstrings and layout of code, texts of notebooks, rooms that decide nothing."""
    before = evidence_of(evidenced)
    folder = evidenced.folder(NAME)
    for path in (package / "checks" / "training.py", folder.checks, folder.path / "fruit.py"):
        text = path.read_text()
        start = text.index('"""', 3) + 3
        path.write_text(f'"""Something else."""{text[start:]}\n\n\n# The end.\n')
    touch(package / "outputs" / "recorder.py")
    corpus = folder.corpus.rglob("*.ipynb")
    for notebook in (folder.notebook, evidenced.release_notebook(NAME), *corpus):
        edit_cells(notebook, "markdown", lambda source: f"{source} Well done!")
    touch(folder.evidence)
    assert evidence_of(evidenced) == before


@pytest.mark.parametrize(
    "place", ["checks/training.py", "course/seeds.py", "exercises/sampling.py", "wire/codec.py"]
)
def test_evidence_depends_on_the_code(evidenced: Course, package: Path, place: str) -> None:
    """A statement more makes evidence out of date."""
    before = evidence_of(evidenced)
    path = package / place
    path.write_text(path.read_text() + "\nEXTRA = 1\n")
    assert evidence_of(evidenced) != before


@pytest.mark.parametrize(
    "place",
    ["sandbox/limits.py", "grading/grader.py", "checks/training_summary/path.py", "errors.py"],
)
def test_evidence_does_not_depend_on_code_that_decides_no_verdict(
    evidenced: Course, package: Path, place: str
) -> None:
    """Where a submission runs, how a Grade is put together, what reports describe."""
    before = evidence_of(evidenced)
    path = package / place
    path.write_text(path.read_text() + "\nEXTRA = 1\n")
    assert evidence_of(evidenced) == before


def test_evidence_does_not_depend_on_points_and_thresholds(own: Course, evidenced: Course) -> None:
    """Values decide anew, and no value depends on a threshold; a limit may end a run."""
    before = evidence_of(evidenced)
    edited(own, "loss_drop: 0.3 ", "loss_drop: 0.31 ")
    assert evidence_of(edited(own, "loss_goes_down: 3", "loss_goes_down: 4")) == before
    assert evidence_of(edited(own, "memory_mb: 1536", "memory_mb: 1024")) != before


def test_evidence_depends_on_the_corpus(evidenced: Course) -> None:
    """Another right answer makes evidence out of date."""
    before = evidence_of(evidenced)
    notebook = evidenced.folder(NAME).corpus / "right" / "as-in-the-lesson.ipynb"
    edit_cells(notebook, "code", lambda source: source.replace("model.fit(", "model.fit( "))
    assert evidence_of(evidenced) != before


def edit_cells(path: Path, kind: str, edit: Callable[[str], str]) -> None:
    """Edit the cells of one kind in a notebook."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == kind:
            cell["source"] = edit("".join(cell["source"]))
    path.write_text(json.dumps(notebook))
