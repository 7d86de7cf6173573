"""An assignment's folder: what students get, and what decides a mark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from courses import NAME, ROOT

from autograder.course import AssignmentFolder
from autograder.errors import CourseError

FILES = {
    "02-houses.ipynb": "{}",
    "notes.ipynb": "{}",
    "houses.py": "HOUSES = 1\n",
    "houses.csv": "rooms,price\n",
    "data/more/areas.csv": "area\n",
    ".hidden": "",
    ".ipynb_checkpoints/02-houses-checkpoint.ipynb": "{}",
    "__pycache__/houses.cpython-311.pyc": "",
    "data/houses.pyc": "",
    "grading/exercise.py": "",
    "grading/checks.py": "",
    "grading/by_hand.py": "",
    "grading/tables/rates.csv": "",
    "grading/held_out.csv": "rooms,price\n",
    "grading/calibration.json": "{}",
    "grading/calibration.png": "",
    "grading/trials.jsonl": "",
    "grading/.notes": "",
    "grading/__pycache__/checks.cpython-311.pyc": "",
    "grading/corpus/right/plain.ipynb": "{}",
    "grading/corpus/wrong/expected.yml": "",
}
RELEASED = ["data/more/areas.csv", "houses.csv", "houses.py"]


@pytest.fixture
def folder(tmp_path: Path) -> AssignmentFolder:
    """An assignment with a file of every kind."""
    for name, text in FILES.items():
        path = tmp_path / "02-houses" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return AssignmentFolder(tmp_path / "02-houses")


def below(folder: AssignmentFolder, paths: list[Path]) -> list[str]:
    """Paths relative to a folder."""
    return [path.relative_to(folder.path).as_posix() for path in paths]


def test_released_files_are_the_modules_and_data_beside_the_notebook(
    folder: AssignmentFolder,
) -> None:
    """Neither notebooks nor hidden and cached files are released, nor anything from `grading`."""
    assert below(folder, folder.released_paths()) == RELEASED
    assert folder.released_files() == {name: FILES[name].encode() for name in RELEASED}


def test_marks_are_decided_by_all_but_the_corpus_and_the_evidence(
    folder: AssignmentFolder,
) -> None:
    """What tests the checks, and what proves the thresholds, changes no mark."""
    assert below(folder, folder.grading_paths()) == [
        "02-houses.ipynb",
        *RELEASED[:1],
        "grading/by_hand.py",
        "grading/checks.py",
        "grading/exercise.py",
        "grading/held_out.csv",
        "grading/tables/rates.csv",
        *RELEASED[1:],
    ]


def test_folder_without_grading_has_what_students_have(folder: AssignmentFolder) -> None:
    """A copy without `grading` and without the source version still has its released files."""
    folder.grading.rename(folder.path.parent / "kept")
    folder.notebook.unlink()
    assert below(folder, folder.grading_paths()) == RELEASED


def test_missing_folder_has_no_files(tmp_path: Path) -> None:
    """An assignment that course.yml names and nobody has written yet is empty."""
    folder = AssignmentFolder(tmp_path / "03-missing")
    assert folder.released_files() == {}
    assert folder.grading_paths() == []


def test_files_up_to_the_limit_are_released(folder: AssignmentFolder) -> None:
    """All released files together may have 16 MB."""
    others = sum(len(FILES[name]) for name in RELEASED)
    (folder.path / "images.npz").write_bytes(bytes(16 * 2**20 - others))
    assert sum(map(len, folder.released_files().values())) == 16 * 2**20


def test_files_that_are_too_large_are_refused(folder: AssignmentFolder) -> None:
    """The message gives the size and the limit, and the tip says what to do."""
    for name in ("images.npz", "more.npz"):
        (folder.path / name).write_bytes(bytes(9 * 2**20))
    with pytest.raises(CourseError, match=r"18 MB.* 16 MB") as error:
        folder.released_files()
    assert str(folder.notebook) in error.value.message
    assert "smaller" in error.value.tip


def test_unreadable_file_is_named(
    folder: AssignmentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message gives the file and the system's reason."""
    readable = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "houses.csv":
            raise PermissionError(13, os.strerror(13), str(path))
        return readable(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(CourseError, match=r"houses\.csv cannot be read: Permission denied"):
        folder.released_files()


def test_paths_of_an_assignment_are_those_of_the_layout() -> None:
    """Every assignment of this course has its files where the folder says."""
    folder = AssignmentFolder(ROOT / "solutions" / NAME)
    assert folder.name == NAME
    for path in (folder.notebook, folder.exercise, folder.checks, folder.evidence):
        assert path.is_file()
    assert folder.evidence_picture.is_file()
    assert folder.corpus.is_dir()
    assert "fruit.py" in below(folder, folder.released_paths())
