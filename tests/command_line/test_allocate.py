"""`autograder allocate` and `autograder agreement`, on a gradebook of nbgrader's."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run_here
from courses import NAME
from marked_class import MarkedClass

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.marking import read_allocation
from autograder.outputs import History

Capture = pytest.CaptureFixture[str]
FAILED = {f"s{number}": ("loss_goes_down",) for number in range(6)}


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MarkedClass:
    """The current folder: a class of six that is graded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return MarkedClass(tmp_path, FAILED)


def fill_in(marked: MarkedClass, assistant: str, points: dict[tuple[str, str], float]) -> None:
    """Fill in a marking sheet; whatever is not named gets 1 point."""
    path = marked.root / "allocations" / NAME / f"{assistant}.csv"
    heading, *lines = path.read_text().splitlines()
    rows = [line.split(",") for line in lines]
    filled = [f"{s},{c},{points.get((s, c), 1)},{most}" for s, c, _, most in rows]
    path.write_text("\n".join([heading, *filled]) + "\n")


def test_class_is_divided_and_shown(marked: MarkedClass, capsys: Capture) -> None:
    """Two assistants, three each; the file says who has what."""
    done = run_here(capsys, "allocate", NAME, "--among", "ana, ben", "--all", "--shared", "2")
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    rows = read_allocation(marked.root / "allocations" / f"{NAME}.csv")
    assert sorted(row.student for row in rows) == sorted(FAILED)
    assert [sum(row.assistant == name for row in rows) for name in ("ana", "ben")] == [3, 3]
    assert sum(row.shared for row in rows) == 2
    assert "2 submissions that everybody marks" in done.stdout
    sheets = sorted(path.name for path in (marked.root / "allocations" / NAME).iterdir())
    assert sheets == ["ana.csv", "ben.csv"]
    again = run_here(capsys, "allocate", NAME)
    assert read_allocation(marked.root / "allocations" / f"{NAME}.csv") == rows
    assert again.returncode == SUCCESS


def test_only_what_waits_for_a_person_is_divided(marked: MarkedClass, capsys: Capture) -> None:
    """Without --all, a class that was graded automatically has nothing to divide."""
    done = run_here(capsys, "allocate", NAME, "--among", "ana")
    assert "no submission waits for a person" in done.stdout
    with marked.nbgrader() as gradebook:
        gradebook.find_grade("loss_goes_down", NAME, NAME, "s3").needs_manual_grade = True
        gradebook.db.commit()
    done = run_here(capsys, "allocate", NAME, "--among", "ana")
    (row,) = read_allocation(marked.root / "allocations" / f"{NAME}.csv")
    assert (row.student, row.assistant, row.why) == ("s3", "ana", "manual mark")
    cells = done.stdout.splitlines()[-3].split("│")
    assert [cell.strip() for cell in cells[1:-1]] == ["ana", "1", "0", "1"]


def test_assistants_of_the_course_are_the_default(marked: MarkedClass, capsys: Capture) -> None:
    """course.yml lists them once for all assignments; one who leaves hands over."""
    course = marked.root / "course.yml"
    course.write_text("assistants: [ana, ben, cem]\n" + course.read_text("utf-8"), "utf-8")
    run_here(capsys, "allocate", NAME, "--all")
    path = marked.root / "allocations" / f"{NAME}.csv"
    assert {row.assistant for row in read_allocation(path)} == {"ana", "ben", "cem"}
    kept = run_here(capsys, "allocate", NAME, "--all", "--among", "ana,ben")
    assert "cem keep what they have" in " ".join(kept.stdout.split())
    run_here(capsys, "allocate", NAME, "--all", "--hand-over", "cem")
    assert {row.assistant for row in read_allocation(path)} == {"ana", "ben"}


def test_agreed_marks_go_into_the_gradebook(marked: MarkedClass, capsys: Capture) -> None:
    """What all agree on is entered; the rest is listed for whoever settles it; twice adds none."""
    run_here(capsys, "allocate", NAME, "--among", "ana,ben", "--all", "--shared", "2")
    rows = read_allocation(marked.root / "allocations" / f"{NAME}.csv")
    first, second = sorted(row.student for row in rows if row.shared)
    waiting = run_here(capsys, "agreement", NAME)
    assert "ana has not marked anything yet." in waiting.stdout
    fill_in(marked, "ana", {})
    fill_in(marked, "ben", {(first, "loss_goes_down"): 2})
    marked.mark("accuracy_passes", 2, second)
    done = run_here(capsys, "agreement", NAME)
    assert "ana 1, ben 2" in done.stdout
    assert "All agree on 19 marks." in done.stdout
    entered = run_here(capsys, "agreement", NAME, "--enter")
    assert entered.returncode == INCOMPLETE
    assert f"{second}: accuracy_passes has the manual mark 2, which stays." in entered.stderr
    # Automatic marks that are the same stay automatic: a later grading may still change them.
    assert f"{NAME}: 10 marks entered, 8 there already." in entered.stdout
    with marked.nbgrader() as gradebook:
        row = gradebook.find_grade("loss_goes_down", NAME, NAME, first)
        assert row.manual_score is None
        row = gradebook.find_grade("accuracy_passes", NAME, NAME, first)
        assert (row.manual_score, row.needs_manual_grade) == (1, False)
        row = gradebook.find_grade("compile_reports_accuracy", NAME, NAME, first)
        assert (row.manual_score, row.auto_score) == (None, 1)
    entries = [entry.by for entry in History(marked.root, NAME).read(second).entries]
    agreed = "autograder agreement --enter, agreed by ana, ben"
    assert entries[1:] == ["a person, in the gradebook", agreed]
    assert (
        "0 marks entered, 18 there already."
        in run_here(capsys, "agreement", NAME, "--enter").stdout
    )


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("allocate", NAME, "--all"), "Nobody is left to mark."),
        (("allocate", NAME, "--among", "../ana"), "'../ana' is not an assistant"),
        (("allocate", NAME, "--among", "ana", "--hand-over", "eve"), "eve has no work"),
        (("allocate", "02-house-prices", "--among", "ana"), "has no Grades yet"),
        (("agreement", NAME), "No submission of 01-first-training is shared."),
    ],
    ids=["nobody", "path", "stranger", "ungraded", "unshared"],
)
def test_mistake_on_the_command_line_is_told(
    arguments: tuple[str, ...], words: str, capsys: Capture
) -> None:
    """What is wrong, and nothing is written."""
    done = run_here(capsys, *arguments)
    assert done.returncode == BAD_USAGE
    assert words in done.stderr
    assert not Path("allocations").exists()


def test_forget_removes_a_student_from_tables_and_comments(
    marked: MarkedClass, capsys: Capture
) -> None:
    """The lines about them go, those about others stay, and nothing else names them."""
    run_here(capsys, "allocate", NAME, "--among", "ana,ben", "--all", "--shared", "6")
    run_here(capsys, "comments", "add", "never-fits", NAME, "s1")
    listed = run_here(capsys, "forget", "s1")
    assert listed.stdout.count("lines of a table") == 3
    done = run_here(capsys, "forget", "s1", "--yes")
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    rows = read_allocation(marked.root / "allocations" / f"{NAME}.csv")
    assert sorted(row.student for row in rows) == sorted(set(FAILED) - {"s1"})


def test_archive_has_comments_and_allocations(marked: MarkedClass, capsys: Capture) -> None:
    """What a term needs: the restored course counts the same uses."""
    run_here(capsys, "allocate", NAME, "--among", "ana", "--all", "--shared", "1")
    run_here(capsys, "comments", "add", "never-fits", NAME, "--yes")
    assert run_here(capsys, "archive", "--out", "x.tar.gz").returncode == SUCCESS
    assert run_here(capsys, "restore", "x.tar.gz", "restored").returncode == SUCCESS
    for name in (f"allocations/{NAME}.csv", f"allocations/{NAME}/ana.csv", "comments.yml"):
        assert (marked.root / "restored" / name).read_bytes() == (marked.root / name).read_bytes()
    assert list((marked.root / "restored" / "history" / NAME).glob("*.jsonl"))
