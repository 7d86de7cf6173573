"""A student's own file is found by its name, as browsers and Jupyter change it."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import NAME

from autograder.errors import SubmissionError
from autograder.submissions import assignment_in_name, find_own_file

NAMES = (NAME, "02-house-prices", "02-house")


@pytest.mark.parametrize(
    "name",
    [
        "01-first-training.ipynb",
        "01-first-training.py",
        "01-first-training (1).ipynb",
        "01-first-training(12).ipynb",
        "01-first-training-Copy1.ipynb",
        "01-first-training-Copy1-Copy2.ipynb",
        "01-first-training - Copy.ipynb",
        "Copy of 01-first-training.ipynb",
        "Copy of Copy of 01-first-training (2).ipynb",
        "Copy_of_01-first-training.ipynb",
        "Kopie von 01-first-training.ipynb",
        "Copie de 01-first-training.ipynb",
        "Cópia de 01-first-training.ipynb",
        "01-first-training.ipynb.json",
        "/content/Copy of 01-first-training.ipynb",
    ],
)
def test_copy_by_its_name_is_of_the_assignment(name: str) -> None:
    """Colab, JupyterLab, browsers and Windows each name copies in their own way."""
    assert assignment_in_name(Path(name).name, NAMES) == NAME


@pytest.mark.parametrize("name", ["notes.ipynb", "01-first-training.pdf", "Copy of .ipynb", ""])
def test_other_file_is_of_no_assignment(name: str) -> None:
    """A name that no assignment's copy has is not guessed at."""
    assert assignment_in_name(name, NAMES) == ""


def test_longer_assignment_name_is_not_confused_with_a_shorter_one() -> None:
    """A name that begins as another assignment's is its own."""
    assert assignment_in_name("02-house-prices (1).ipynb", NAMES) == "02-house-prices"
    assert assignment_in_name("02-house (1).ipynb", NAMES) == "02-house"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["01-first-training (1).ipynb"], "01-first-training (1).ipynb"),
        (
            ["Copy of 01-first-training.ipynb", "02-house (1).ipynb"],
            "Copy of 01-first-training.ipynb",
        ),
        ([f"{NAME}/{NAME}-Copy1.ipynb"], f"{NAME}/{NAME}-Copy1.ipynb"),
        ([f"{NAME} (1).ipynb", f"{NAME} (2).ipynb", f"{NAME}/{NAME}.py"], f"{NAME}/{NAME}.py"),
        ([f"{NAME}.py", f"{NAME}.ipynb", f"{NAME}/{NAME}.ipynb"], f"{NAME}.ipynb"),
    ],
    ids=["numbered", "Colab", "in the folder", "exact name wins", "notebook before Python file"],
)
def test_own_file_is_found(tmp_path: Path, files: list[str], expected: str) -> None:
    """The exact name wins, in either folder; otherwise the only copy is taken."""
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_own_file(tmp_path, NAME, NAMES) == tmp_path / expected


def test_several_copies_are_listed(tmp_path: Path) -> None:
    """None is guessed at; the message lists them, and the tip asks for --file."""
    for name in (f"{NAME} (2).ipynb", f"Copy of {NAME}.ipynb"):
        (tmp_path / name).touch()
    with pytest.raises(SubmissionError) as refused:
        find_own_file(tmp_path, NAME, NAMES)
    assert "there are 2 copies" in refused.value.message
    for name in (f'"{NAME} (2).ipynb"', f'"Copy of {NAME}.ipynb"'):
        assert name in refused.value.message
    assert f'autograder check {NAME} --file "' in refused.value.tip


def test_missing_file_is_reported_with_the_folder(tmp_path: Path) -> None:
    """Neither a folder nor another assignment's notebook is taken."""
    (tmp_path / f"{NAME}.ipynb").mkdir()
    (tmp_path / "02-house.ipynb").touch()
    with pytest.raises(SubmissionError, match=f"no {NAME}.ipynb in {tmp_path}"):
        find_own_file(tmp_path, NAME, NAMES)
