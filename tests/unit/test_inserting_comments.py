"""Reusable comments in nbgrader's gradebook: inserted, followed, removed, counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import NAME
from grades import make_grade, make_verdict
from marked_class import COMMENTS, MarkedClass

from autograder.course import load_comments
from autograder.errors import GradebookError, SubmissionError
from autograder.marking import CommentEditor, Copy, Effect, Suggestion, Use, count_uses, suggest
from autograder.outputs import History, find_gradebook, reviews

TEXT = "`train_model` has to *call* `model.fit`."
ADA = Copy("ada", "train_model", "never-fits")
BOB = Copy("bob", "train_model", "never-fits")


@pytest.fixture
def marked(tmp_path: Path) -> MarkedClass:
    """A class of three that is graded."""
    return MarkedClass(tmp_path)


def editor(marked: MarkedClass) -> CommentEditor:
    """An editor as a new command would have it."""
    return CommentEditor(
        marked.course, marked.course.assignment(NAME), load_comments(marked.course)
    )


def history_of(marked: MarkedClass, student: str) -> list[str]:
    """What each entry of a student's history is by."""
    return [entry.by for entry in History(marked.root, NAME).read(student).entries]


def test_comment_goes_below_what_a_person_wrote(marked: MarkedClass) -> None:
    """Nothing is lost, and the history tells the person's words from the command's."""
    marked.write_comment("train_model", "Look at line 3.")
    assert editor(marked).insert([ADA], "ana") == {ADA: Effect.INSERTED}
    assert marked.comment("ada") == f"Look at line 3.\n\n{TEXT}"
    assert marked.comment("bob") is None
    assert history_of(marked, "ada")[1:] == [
        "a person, in the gradebook",
        "autograder comments add never-fits, ana",
    ]


def test_inserting_again_changes_nothing(marked: MarkedClass) -> None:
    """Neither the gradebook nor the history."""
    editor(marked).insert([ADA])
    before, history = marked.named_rows(), history_of(marked, "ada")
    assert editor(marked).insert([ADA]) == {ADA: Effect.UNCHANGED}
    assert (marked.named_rows(), history_of(marked, "ada")) == (before, history)


def test_text_that_is_there_already_is_taken_for_the_copy(marked: MarkedClass) -> None:
    """As after a kill between the gradebook and the history: the next run records it."""
    marked.write_comment("train_model", TEXT)
    assert editor(marked).insert([ADA]) == {ADA: Effect.UNCHANGED}
    assert marked.comment("ada") == TEXT
    assert editor(marked).copies() == [ADA]


def test_copies_follow_the_file_unless_a_person_changed_them(marked: MarkedClass) -> None:
    """Edited once, every copy says the new words; one that was edited by hand is left and told."""
    editor(marked).insert([ADA, BOB])
    marked.write_comment("train_model", "Call `model.fit`, Bob.", "bob")
    marked.write_comment("train_model", f"Hello Ada.\n\n{TEXT}\nAnd well done.", "ada")
    marked.write_comments(COMMENTS.replace("*call*", "call"))
    assert editor(marked).update() == {ADA: Effect.UPDATED, BOB: Effect.CHANGED_BY_HAND}
    new = TEXT.replace("*call*", "call")
    assert marked.comment("ada") == f"Hello Ada.\n\n{new}\nAnd well done."
    assert marked.comment("bob") == "Call `model.fit`, Bob."
    assert editor(marked).update() == {BOB: Effect.CHANGED_BY_HAND}


def test_removed_copy_takes_nothing_else_with_it(marked: MarkedClass) -> None:
    """It can be inserted again; one that a person has changed stays, as theirs."""
    editor(marked).insert([ADA, BOB])
    marked.write_comment("train_model", "Mine now.", "bob")
    assert editor(marked).remove([ADA, BOB]) == {ADA: Effect.REMOVED, BOB: Effect.CHANGED_BY_HAND}
    assert (marked.comment("ada"), marked.comment("bob")) == (None, "Mine now.")
    assert editor(marked).copies() == []
    assert editor(marked).insert([BOB]) == {BOB: Effect.INSERTED}
    assert marked.comment("bob") == f"Mine now.\n\n{TEXT}"


def test_two_comments_under_one_cell_are_told_apart(marked: MarkedClass) -> None:
    """Each is inserted, and removed, by itself."""
    praise = Copy("ada", "train_model", "praise")
    editor(marked).insert([ADA, praise])
    assert marked.comment("ada") == f"{TEXT}\n\nWell done."
    editor(marked).remove([ADA])
    assert marked.comment("ada") == "Well done."


def test_place_that_the_gradebook_lacks_is_told(marked: MarkedClass) -> None:
    """A cell that does not exist gets nothing, and nothing is recorded."""
    nowhere = Copy("ada", "no_such_cell", "praise")
    assert editor(marked).preview([nowhere, ADA])[ADA] is Effect.INSERTED
    assert editor(marked).insert([nowhere]) == {nowhere: Effect.NO_SUBMISSION}
    assert editor(marked).copies() == []


def test_gradebook_that_cannot_be_written_gets_nothing(
    marked: MarkedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All copies are one transaction; without it nothing is recorded."""

    def fail(*_: object) -> None:
        raise GradebookError("locked")

    monkeypatch.setattr("autograder.marking.inserting.change_comments", fail)
    with pytest.raises(GradebookError):
        editor(marked).insert([ADA, BOB])
    assert editor(marked).copies() == []


def test_student_without_a_grade_is_refused(marked: MarkedClass) -> None:
    """Nothing of the others is inserted then."""
    with pytest.raises(SubmissionError, match="has no Grade"):
        editor(marked).insert([ADA, Copy("eve", "train_model", "never-fits")])
    assert marked.comment("ada") is None


def test_uses_are_counted_as_the_gradebook_has_them(marked: MarkedClass) -> None:
    """By key, with who inserted them; what a person removed does not count."""
    editor(marked).insert([ADA], "ana")
    editor(marked).insert([BOB, Copy("cem", "train_model", "praise")], "ben")
    marked.write_comment("train_model", "", "bob")
    marked.write_comments("never-fits: {text: x, check: loss_goes_down}")
    assert count_uses(marked.course, load_comments(marked.course)) == [
        Use("never-fits", 1, 1, ("ana", "ben")),
        Use("praise", 1, 0, ("ben",)),
    ]


def test_report_has_the_comment(marked: MarkedClass) -> None:
    """What is inserted is a comment of the review that reports and exports read."""
    editor(marked).insert([ADA])
    location = find_gradebook(marked.course)
    with reviews(location.database, NAME) as review_of:
        review = review_of("ada")
        assert review is not None
        assert review.comments == {"train_model": TEXT}


def test_suggestions_are_grouped_by_what_students_share(marked: MarkedClass) -> None:
    """What most share comes first; what no comment fits is listed too."""
    comments = load_comments(marked.course)
    rows = suggest(comments, NAME, marked.grades.values())
    assert rows == [
        Suggestion(
            function="train_model",
            hint="How to fix loss_goes_down.",
            keys=("never-fits",),
            checks=("loss_goes_down",),
            students=("ada", "bob"),
        ),
        Suggestion("", "How to fix accuracy_passes.", (), ("accuracy_passes",), ("bob",)),
    ]


def test_mistake_that_fails_many_checks_is_one_suggestion(marked: MarkedClass) -> None:
    """What one hint or one comment says about several checks is told once; so is what follows."""
    verdict = make_verdict("loss_goes_down", hint="Return it.")
    verdicts = [
        verdict,
        verdict.model_copy(update={"name": "accuracy_passes"}),
        verdict.model_copy(update={"name": "every_weight_changes", "follows": True}),
    ]
    (row,) = suggest({}, NAME, [make_grade(*verdicts)])
    assert row.checks == ("loss_goes_down", "accuracy_passes")
    rows = suggest(load_comments(marked.course), NAME, [make_grade(*verdicts)])
    assert [row.keys for row in rows] == [("never-fits",), ()]


def test_name_is_only_a_name(tmp_path: Path) -> None:
    """Quotes, percent signs and what looks like a pattern reach one student, and no other."""
    names = ["o'brien; DROP TABLE comment", "100%", "a_b", "axb"]
    marked = MarkedClass(tmp_path, dict.fromkeys(names, ("loss_goes_down",)))
    copies = [Copy(name, "train_model", "never-fits") for name in names[:3]]
    assert set(editor(marked).insert(copies).values()) == {Effect.INSERTED}
    assert [marked.comment(name) for name in names] == [TEXT, TEXT, TEXT, None]
    assert editor(marked).copies() == sorted(copies)
