"""What people enter in nbgrader's gradebook stays, and comments on answers are written there."""

from __future__ import annotations

from gradebooks import CHECKS, NAME, SOLUTION_CELLS, GradebookFolder, graded, source_notebook
from grades import make_rubric_grade
from nbconvert.filters import markdown2html

from autograder.outputs.gradebook import reviews
from autograder.results import Outcome, Review


def test_manual_score_is_kept_with_a_notice(course_folder: GradebookFolder) -> None:
    """Neither a manual score nor extra credit is touched; the notice names score and check."""
    course_folder.record(graded(loss_goes_down=Outcome.FAILED))
    course_folder.mark("loss_goes_down", 2)
    with course_folder.nbgrader() as gradebook:
        gradebook.find_grade("compiles", NAME, NAME, "ada").extra_credit = 0.5
        gradebook.db.commit()
    notices = course_folder.record(graded(loss_goes_down=Outcome.FAILED))
    assert notices == ("kept the manual score 2 for loss_goes_down",)
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 1 + 0.5 + 2 + 2.5
        assert gradebook.find_submission(NAME, "ada").needs_manual_grade is False


def test_manual_score_on_a_changed_automatic_score_needs_a_second_look(
    course_folder: GradebookFolder,
) -> None:
    """As in nbgrader's SaveAutoGrades, a person is asked again when the automatic score moved."""
    course_folder.record(graded(loss_goes_down=Outcome.FAILED))
    course_folder.mark("loss_goes_down", 2)
    course_folder.record(graded())
    assert course_folder.auto_scores()["loss_goes_down"] == (3.0, True)
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_grade("loss_goes_down", NAME, NAME, "ada").score == 2


def test_manual_score_of_a_changed_answer_needs_a_second_look(
    course_folder: GradebookFolder,
) -> None:
    """The score stays, and the flag stays set until somebody has looked."""
    course_folder.record(graded())
    course_folder.mark("loss_goes_down", 2)
    (notice,) = course_folder.record(graded(), changed=["build"])
    assert notice.startswith("kept the manual score 2 for loss_goes_down; the answer has changed")
    assert course_folder.auto_scores()["loss_goes_down"] == (3.0, True)
    course_folder.record(graded())
    assert course_folder.auto_scores()["loss_goes_down"] == (3.0, True)


def test_comment_under_a_changed_answer_gets_a_notice(course_folder: GradebookFolder) -> None:
    """The comments stay, and only that under the answer that changed is named."""
    course_folder.record(graded())
    for cell in SOLUTION_CELLS:
        course_folder.write_comment(cell, "Well done.")
    (notice,) = course_folder.record(graded(), changed=["train"])
    assert notice.startswith("kept the comment under train; the answer has changed")


def test_what_people_entered_is_read_back(course_folder: GradebookFolder) -> None:
    """A review has manual marks, comments, extra credit, late penalty and nbgrader's own total."""
    course_folder.record(graded(loss_goes_down=Outcome.FAILED), graded("bob"))
    course_folder.mark("loss_goes_down", 2)
    course_folder.write_comment("train", " Well done.\n")
    with course_folder.nbgrader() as gradebook:
        gradebook.find_grade("compiles", NAME, NAME, "ada").extra_credit = 0.5
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 1
        gradebook.db.commit()
    with reviews(course_folder.database, NAME) as review_of:
        assert review_of("ada") == Review(
            score=1 + 0.5 + 2 + 2.5 - 1,
            max_score=6.5,
            marks={"loss_goes_down": (2, 3)},
            comments={"train": "Well done."},
            extra_credit=0.5,
            late_penalty=1,
        )
        bob = review_of("bob")
        assert bob is not None
        assert bob.is_empty
        assert review_of("eve") is None


def test_manual_comment_is_kept(course_folder: GradebookFolder) -> None:
    """A teaching assistant's comment takes precedence over the automatic one."""
    course_folder.record(graded())
    course_folder.write_comment("train", "Well done.")
    course_folder.record(graded(loss_goes_down=Outcome.FAILED))
    with course_folder.nbgrader() as gradebook:
        comment = gradebook.find_comment("train", NAME, NAME, "ada")
        assert comment.comment == "Well done."
        assert "What loss_goes_down found." in comment.auto_comment


def test_failed_check_is_explained_under_the_answer_that_it_examines(
    course_folder: GradebookFolder,
) -> None:
    """Each comment is under the last solution cell before its check."""
    failed = make_rubric_grade(CHECKS, dict.fromkeys(CHECKS, Outcome.FAILED))
    course_folder.record(failed, release=source_notebook())
    assert course_folder.auto_comment("build") == (
        "    Compiles: What compiles found.\n    How to fix compiles."
    )
    assert course_folder.auto_comment("train") == (
        "    Loss goes down: What loss_goes_down found.\n    How to fix loss_goes_down.\n\n"
        "    Weights change: What weights_change found.\n    How to fix weights_change."
    )


def test_comment_is_under_the_function_that_the_verdict_is_about(
    course_folder: GradebookFolder,
) -> None:
    """A check at the end of the notebook may be about an earlier function; repetition is short."""
    grade = make_rubric_grade(CHECKS, dict.fromkeys(CHECKS, Outcome.FAILED))
    about = {"loss_goes_down": "build", "weights_change": "unknown"}
    checks = [
        verdict.model_copy(
            update={
                "about": about.get(verdict.name, ""),
                "title": f"Title of {verdict.name}",
                "message": "`build` is wrong.",
                "hint": "Fix `build`.",
            }
        )
        for verdict in grade.checks
    ]
    course_folder.record(
        grade.model_copy(update={"checks": tuple(checks)}), release=source_notebook()
    )
    assert course_folder.auto_comment("build") == (
        "    Title of compiles: `build` is wrong.\n    Fix `build`.\n\n"
        "    Title of loss_goes_down: See “Title of compiles”."
    )
    assert course_folder.auto_comment("train") == (
        "    Title of weights_change: See “Title of compiles”."
    )


def test_comment_has_no_tip_for_staff(course_folder: GradebookFolder) -> None:
    """What failed in the grader is not the student's business."""
    grade = make_rubric_grade(CHECKS, dict.fromkeys(CHECKS, Outcome.GRADER_ERROR))
    course_folder.record(grade, release=source_notebook())
    comment = course_folder.auto_comment("build") or ""
    assert "not your fault" in comment
    assert "What compiles found" not in comment
    assert "How to fix" not in comment


def test_comments_without_a_release_version_are_under_the_last_answer(
    course_folder: GradebookFolder,
) -> None:
    """Where the order of the cells is unknown, the last answer has all comments."""
    course_folder.record(graded(compiles=Outcome.FAILED))
    assert course_folder.auto_comment("build") is None
    assert "What compiles found." in (course_folder.auto_comment("train") or "")


def test_assignment_without_solution_cells_has_scores_and_no_comments(
    course_folder: GradebookFolder,
) -> None:
    """A check that fails needs no answer to write its comment under."""
    course_folder.record(graded(compiles=Outcome.FAILED), solution_cells=())
    assert course_folder.auto_scores()["compiles"] == (0.0, False)
    assert course_folder.named_rows()["comment"] == []


def test_markup_in_a_comment_does_nothing(course_folder: GradebookFolder) -> None:
    """Comments are rendered as Markdown by nbgrader, and what a student wrote stays text."""
    hostile = "<script>alert(1)</script>\n[x](javascript:alert(1)) ```\n\n<img onerror=x>\x1b[2J"
    grade = graded(compiles=Outcome.FAILED)
    worse = grade.checks[0].model_copy(update={"message": hostile})
    course_folder.record(grade.model_copy(update={"checks": (worse, *grade.checks[1:])}))
    page = markdown2html(course_folder.auto_comment("train"))
    assert page.count("<pre>") == 1
    assert "alert(1)" in page
    assert not [tag for tag in ("<script", "<img", "<a ", "href", "\x1b") if tag in page]
