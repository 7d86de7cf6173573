"""Everything in the folder of submissions is graded, or told with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.submissions import SubmittedFile, find_submissions, read_regular_file

NAME = "01-first-training"


def put(folder: Path, *names: str, text: str = "{}") -> Path:
    """Write files into ada's folder of the assignment."""
    place = folder / "ada" / NAME
    for number, name in enumerate(names):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (number, number))
    return place


def found(folder: Path, **options: object) -> tuple[list[SubmittedFile], list[str]]:
    """The files that are taken, and what is said about the others."""
    refused: list[SubmissionError] = []
    files = find_submissions(folder, NAME, (), refused.append, **options)  # type: ignore[arg-type]
    assert all(error.tip for error in refused)
    return files, [error.message for error in refused]


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME} (1).ipynb",
        f"{NAME}-Copy1.ipynb",
        f"_{NAME}.ipynb",
        f"{NAME}.ipynb.json",
        f"{NAME}.ipynb.txt",
        f"{NAME}.IPYNB",
        "01 First Training.ipynb",
        "My homework.ipynb",
        f"{NAME}(2).py",
        "answers.py",
    ],
)
def test_only_file_of_another_name_is_taken_with_a_notice(name: str, tmp_path: Path) -> None:
    """What browsers, mail programs and people make of a name costs nothing."""
    put(tmp_path, name, "notes.pdf", "timestamp.txt", ".ipynb_checkpoints/old.ipynb")
    [file], refused = found(tmp_path)
    assert file.path.name == name
    assert file.notices == (f"{NAME}/{name} was graded: there is no {NAME}/{NAME}.ipynb.",)
    assert refused == []


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        ((f"{NAME}.ipynb", f"{NAME}.py", "other.ipynb"), f"{NAME}.ipynb"),
        ((f"{NAME} (1).ipynb", "scratch.ipynb"), f"{NAME} (1).ipynb"),
        ((f"{NAME} (1).ipynb", f"{NAME} (2).ipynb"), f"{NAME} (2).ipynb"),
        (("helpers.py", "answers.ipynb"), "answers.ipynb"),
    ],
)
def test_best_match_is_taken(names: tuple[str, ...], taken: str, tmp_path: Path) -> None:
    """The expected name comes first, then the assignment's, then the newest copy."""
    put(tmp_path, *names)
    [file], refused = found(tmp_path)
    assert file.path.name == taken
    assert refused == []


def test_copy_beside_the_submission_is_told(tmp_path: Path) -> None:
    """A student who handed in two can see which one counted."""
    put(tmp_path, f"{NAME}.ipynb", f"{NAME}-Copy1.ipynb")
    [file], _ = found(tmp_path)
    assert file.notices == (f"{NAME}-Copy1.ipynb was not graded: {NAME}.ipynb was.",)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("a.ipynb", "b.ipynb"), "a.ipynb and b.ipynb lie side by side"),
        (("answers.pdf",), "there is no notebook, only answers.pdf"),
        (("timestamp.txt",), "its folder is empty"),
    ],
)
def test_folder_without_a_clear_file_is_told(
    names: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    """Nobody vanishes: the reason is given."""
    put(tmp_path, *names)
    files, [message] = found(tmp_path)
    assert files == []
    assert message.startswith("'ada' was not graded: ")
    assert reason in message


def test_file_in_the_students_own_folder_is_taken(tmp_path: Path) -> None:
    """The folder of the assignment is missing; a notebook of another assignment stays out."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / f"{NAME}.ipynb").write_text("{}")
    (tmp_path / "ada" / "02-house-prices.ipynb").write_text("{}")
    [file], refused = found(tmp_path)
    assert file.path.name == f"{NAME}.ipynb"
    assert refused == []


def test_folder_of_assignments_has_no_students(tmp_path: Path) -> None:
    """A folder that is named after the assignment is not a student's."""
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / f"{NAME}.ipynb").write_text("{}")
    assert found(tmp_path) == ([], [])


def test_folder_of_almost_the_right_name_is_taken(tmp_path: Path) -> None:
    """Capitals and blanks in the name of the assignment's folder cost nothing."""
    place = tmp_path / "ada" / "01_First Training"
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_text("{}")
    [file], _ = found(tmp_path)
    assert file.path == place / f"{NAME}.ipynb"


def test_student_without_the_assignment_is_no_problem(tmp_path: Path) -> None:
    """Who handed in something else handed in nothing here."""
    (tmp_path / "ada" / "02-house-prices").mkdir(parents=True)
    assert found(tmp_path) == ([], [])


def test_file_outside_the_students_folders_is_told(tmp_path: Path) -> None:
    """A notebook beside the folders is nobody's."""
    put(tmp_path, f"{NAME}.ipynb")
    (tmp_path / "bob.ipynb").write_text("{}")
    files, [message] = found(tmp_path)
    assert len(files) == 1
    assert message == "'bob.ipynb' was not graded: it does not lie in a student's folder."


def test_ids_that_differ_only_in_case_are_told_and_the_others_graded(tmp_path: Path) -> None:
    """Two students who look alike on some file systems are never mixed up."""
    for student in ("Ada", "ada", "zoe"):
        place = tmp_path / student / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text("{}")
    files, refused = found(tmp_path)
    assert [file.student for file in files] == ["zoe"]
    assert [message.partition(" ")[0] for message in refused] == ["'Ada'", "'ada'"]


def test_home_that_is_a_link_is_read_where_the_operator_allows_it(tmp_path: Path) -> None:
    """On a cluster the students' folders are links to their homes."""
    homes, submitted = tmp_path / "home", tmp_path / "submitted"
    put(homes, f"{NAME}.ipynb", text="mine")
    submitted.mkdir()
    (submitted / "ada").symlink_to(homes / "ada")
    [file], _ = found(submitted)
    assert file.problem is not None
    assert "--links" in file.problem.tip
    [file], _ = found(submitted, links=[homes])
    assert file.problem is None
    assert read_regular_file(file.path, file.identity) == b"mine"


@pytest.mark.parametrize("leads_to", ["bob's folder", "bob's file", "outside"])
def test_link_to_somebody_elses_file_is_not_read(leads_to: str, tmp_path: Path) -> None:
    """Neither another student's work nor the solution can be handed in by a link."""
    submitted = tmp_path / "submitted"
    for folder in (submitted / "bob" / NAME, tmp_path / "solutions" / NAME):
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text("{}")
    (submitted / "ada").mkdir()
    if leads_to == "bob's folder":
        (submitted / "ada" / NAME).symlink_to(submitted / "bob" / NAME)
    else:
        where = submitted / "bob" if leads_to == "bob's file" else tmp_path / "solutions"
        (submitted / "ada" / NAME).mkdir()
        (submitted / "ada" / NAME / f"{NAME}.ipynb").symlink_to(where / NAME / f"{NAME}.ipynb")
    (ada, bob), _ = found(submitted)
    assert "leads out of the student's folder" in str(ada.problem)
    assert bob.problem is None


def test_link_within_the_students_own_folder_is_followed(tmp_path: Path) -> None:
    """Where it leads decides, not that it is a link."""
    place = put(tmp_path, "versions/3.ipynb", text="third")
    (place / f"{NAME}.ipynb").symlink_to("versions/3.ipynb")
    [file], _ = found(tmp_path)
    assert file.problem is None
    assert read_regular_file(file.path, file.identity) == b"third"


def test_backup_by_hard_links_costs_nothing(tmp_path: Path) -> None:
    """A second name of a file in a backup is no reason to refuse it."""
    submitted, backup = tmp_path / "submitted", tmp_path / "backup"
    place = put(submitted, f"{NAME}.ipynb", text="mine")
    backup.mkdir()
    (backup / "ada.ipynb").hardlink_to(place / f"{NAME}.ipynb")
    [file], _ = found(submitted, private=[tmp_path / "solutions"])
    assert file.problem is None
    assert read_regular_file(file.path, file.identity) == b"mine"


@pytest.mark.parametrize("students", [(), ("ada",)], ids=["class", "ada alone"])
@pytest.mark.parametrize("whose", ["the course", "bob", "bob's old copy"])
def test_hard_link_to_somebody_elses_file_is_refused(
    whose: str, students: tuple[str, ...], tmp_path: Path
) -> None:
    """A second name of the solution or of bob's work is not read; bob keeps his mark."""
    submitted, solutions = tmp_path / "submitted", tmp_path / "solutions"
    for folder in (submitted / "bob" / NAME, submitted / "ada" / NAME, solutions):
        folder.mkdir(parents=True)
    name = "old.ipynb" if whose == "bob's old copy" else f"{NAME}.ipynb"
    (submitted / "bob" / NAME / f"{NAME}.ipynb").write_text("{}")
    target = (solutions if whose == "the course" else submitted / "bob" / NAME) / name
    target.write_text("{}")
    os.utime(target.parent, (1, 1))
    (submitted / "ada" / NAME / f"{NAME}.ipynb").hardlink_to(target)
    files = {f.student: f for f in find_submissions(submitted, NAME, students, private=[solutions])}
    assert "is the same file as" in str(files["ada"].problem)
    assert students or files["bob"].problem is None


def test_link_to_somebody_elses_home_costs_only_its_own_student(tmp_path: Path) -> None:
    """Where links to homes are allowed, a link to another student's home is refused."""
    homes, submitted = tmp_path / "home", tmp_path / "submitted"
    (homes / "bob" / NAME).mkdir(parents=True)
    (homes / "bob" / NAME / f"{NAME}.ipynb").write_text("{}")
    submitted.mkdir()
    for student in ("ada", "bob"):
        (submitted / student).symlink_to(homes / "bob")
    (ada, bob), _ = found(submitted, links=[homes])
    assert "is the same file as bob's submission" in str(ada.problem)
    assert bob.problem is None


def test_several_folders_of_almost_the_right_name_are_told(tmp_path: Path) -> None:
    """Nothing says which one counts."""
    for name in ("01 First Training", f"{NAME} (1)"):
        (tmp_path / "ada" / name).mkdir(parents=True)
    files, [message] = found(tmp_path)
    assert files == []
    assert "lie side by side" in message


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A student whose folder is closed does not vanish."""
    place = put(tmp_path, f"{NAME}.ipynb")
    place.chmod(0)
    files, [message] = found(tmp_path)
    place.chmod(0o700)
    assert files == []
    assert "cannot be read: Permission denied" in message


def test_file_that_is_replaced_by_a_link_is_not_read(tmp_path: Path) -> None:
    """Between finding and reading nothing can be put in its place."""
    submitted, secret = tmp_path / "submitted", tmp_path / "secret"
    place = put(submitted, f"{NAME}.ipynb")
    secret.mkdir()
    (secret / f"{NAME}.ipynb").write_text("secret")
    [file], _ = found(submitted)
    place.rename(tmp_path / "moved")
    place.symlink_to(secret)
    with pytest.raises(SubmissionError):
        read_regular_file(file.path, file.identity)
