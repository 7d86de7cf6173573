"""`autograder collect` names every file that it leaves in an archive, and every mistyped option."""

from __future__ import annotations

from collect_folder import FILE, CollectFolder
from courses import NAME

OTHER = "02-house-prices"


def test_file_that_is_not_a_notebook_is_left_with_the_reason(collecting: CollectFolder) -> None:
    """A student who submitted nothing that can be graded is named; nothing disappears silently."""
    archive = collecting.zip(
        {
            f"a_1_10_{FILE}": "a",
            "a_1_11_notes.pdf": "beside it",
            "b_2_12_work.zip": "packed",
            "c_3_text.html": "typed in",
            "d_4_13_one.ipynb": "first",
            "d_4_14_two.ipynb": "second",
            f"e_5_15_{OTHER}.ipynb": "another",
            "f_6_16_Untitled.ipynb": "alone",
            "readme.txt": "whose?",
        }
    )
    result = collecting.collect(archive, "--assignment", NAME)
    assert result.status == 3
    assert collecting.submitted() == {"1": "a", "6": "alone"}
    not_needed, left = result.out.split("Left in the archive:")
    assert "a_1_11_notes.pdf, a (1)" in not_needed
    for line in (
        "b_2_12_work.zip, b (2): it is neither a notebook nor a Python file; zips inside the zip",
        "c_3_text.html, c (3): it is neither a notebook nor a Python file",
        "d_4_13_one.ipynb and d_4_14_two.ipynb were submitted together, and nothing says which",
        f"e_5_15_{OTHER}.ipynb, e (5): it is named after {OTHER}",
        "readme.txt: its name does not say whose it is",
    ):
        assert line in left
    assert archive.is_file()


def test_newest_attempt_without_a_notebook_is_left(collecting: CollectFolder) -> None:
    """An older notebook does not replace what a student submitted last; a person decides."""
    archive = collecting.zip(
        {
            f"1815-7 - Ada - Oct 3, 2026 1142 AM/{FILE}": "ada",
            "1815-7 - Ada - Oct 4, 2026 1142 AM/sorry.docx": "my last word",
        }
    )
    result = collecting.collect(archive)
    assert (result.status, collecting.submitted()) == (3, {})
    assert "the newest attempt contains no notebook" in result.out
    assert "sorry.docx" in result.out


def test_several_archives_are_collected_by_their_assignments(collecting: CollectFolder) -> None:
    """Archives of two assignments are collected in one run."""
    one = collecting.zip({f"a_1_10_{FILE}": "first"}, "one.zip")
    two = collecting.zip({f"a_1_11_{OTHER}.ipynb": "second"}, "two.zip")
    assert collecting.collect(one, two).status == 0
    student = collecting.submissions / "1"
    assert (student / NAME / FILE).read_text() == "first"
    assert (student / OTHER / f"{OTHER}.ipynb").read_text() == "second"
    assert len(list(student.iterdir())) == 2


def test_bad_usage_ends_with_a_message(collecting: CollectFolder) -> None:
    """What names do not say is asked for, typos are named, and nothing is written."""
    unnamed = collecting.zip({"a_1_10_Untitled.ipynb": "a"}, "unnamed.zip")
    both = collecting.zip({f"a_1_10_{FILE}": "", f"b_2_11_{OTHER}.ipynb": ""}, "both.zip")
    roster = collecting.roster("Name,Mark\nAda,1\n")
    for arguments, message in (
        ([unnamed], "--assignment"),
        ([both], f"{NAME} and {OTHER}"),
        ([unnamed, "--assignment", "01-frist-training"], "did you mean"),
        ([collecting.root], "is a folder"),
        ([collecting.root / "missing.zip"], "No such file"),
        ([both, "--from", "blackboard"], "blackboard"),
        ([both, "--from", "moodle"], "does not look like"),
        ([unnamed, "--assignment", NAME, "--roster", roster], "no column of student ids"),
        ([unnamed, "--assignment", NAME, "--submitted", roster], "Not a directory"),
        ([unnamed, "--assignment", NAME, "--roster", "no.csv"], "no.csv cannot be read"),
    ):
        result = collecting.collect(*arguments)
        assert result.status == 2
        assert message in result.err
    assert not collecting.submissions.exists()
