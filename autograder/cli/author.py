"""Commands of course authors: `new`, `release`, `selftest`, `calibrate`, `schema`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import CHECK_FAILED, SUCCESS, Bar, count, err, out
from autograder.course import (
    Assignment,
    Course,
    load_course,
    write_comments_schema,
    write_course_schema,
)
from autograder.errors import CourseError, NoCourseError
from autograder.results import clean_line

if TYPE_CHECKING:
    from autograder.authoring.calibration import Evidence, KeptTrials


def schema() -> None:
    """Write course.schema.json and comments.schema.json: editors check both files as you type."""
    root = load_course().root
    write_course_schema(root / "course.schema.json")
    write_comments_schema(root / "comments.schema.json")
    out.print(f"Wrote course.schema.json and comments.schema.json in {root}.", markup=False)


def selftest(
    assignment: Annotated[
        str | None,
        typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training; default: all."),
    ] = None,
    *,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="Runs of each submission.")
    ] = 2,
) -> None:
    """Test every check with the assignment's right and wrong submissions."""
    course = load_course()
    rubrics = course.assignments.values() if assignment is None else [course.assignment(assignment)]
    failed = [rubric.name for rubric in rubrics if not _selftest(course, rubric, seeds)]
    if failed:
        err.print(
            f"ERROR Surprises in {', '.join(failed)}.\n"
            "TIP   Fix the check, its hint or its threshold; or fix the corpus.",
            markup=False,
        )
    raise typer.Exit(CHECK_FAILED if failed else SUCCESS)


def _selftest(course: Course, rubric: Assignment, seeds: int) -> bool:
    """Test one assignment and print its matrix; returns whether there was no surprise."""
    from autograder import authoring  # noqa: PLC0415 - its imports are slow

    with Bar(f"{rubric.name}: starting TensorFlow") as bar:
        rows = authoring.run_selftest(
            course, rubric, seeds, lambda done, total: bar.show(rubric.name, done, total)
        )
    title = f"{rubric.name}: {count(len(rows), 'submission')}, {count(seeds, 'seed')}"
    table = Table(title=title, show_lines=False)
    table.add_column("submission")
    for number, _ in enumerate(rubric.checks, start=1):
        table.add_column(f"{number:>2}", justify="center")
    colors = {authoring.PASSES: "green", authoring.SURPRISE: "bold red"}
    for row in rows:
        marks = [Text(mark, style=colors.get(mark, "yellow")) for mark in row.marks]
        table.add_row(row.entry.name, *marks)
    out.print(table)
    names = enumerate(rubric.checks, start=1)
    out.print("  ".join(f"{number} {name}" for number, name in names), markup=False)
    out.print(
        f"{authoring.PASSES} passes  {authoring.FAILS} fails, as expected  {authoring.LUCK} fails "
        f"by chance, as expected  {authoring.SURPRISE} surprise",
        markup=False,
    )
    for row in rows:
        for surprise in row.surprises:
            message = f"{row.entry.name}, {clean_line(surprise, 600)}"
            err.print(message, markup=False, soft_wrap=True)
    return not any(row.surprises for row in rows)


def calibrate(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training; default: all."),
    ] = None,
    *,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=2,
            max=100_000,
            help="Runs of each right submission; default: enough for false fails below 1 in 1,000.",
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            min=0,
            help="Stop after so many minutes; 0 only writes the evidence of the runs that there "
            "are. Default: until all runs are made.",
        ),
    ] = None,
) -> None:
    """Choose the thresholds from what right and wrong submissions reach over many seeds.

    You can stop it at any time: the same command continues. Training runs are kept in
    grading/trials.jsonl; several assignments take turns.
    """
    from autograder.authoring import calibration  # noqa: PLC0415 - its imports are slow

    course = load_course()
    rubrics = [course.assignment(name) for name in assignments or course.assignments]
    with Bar("Starting TensorFlow") as bar:
        every = calibration.collect_trials(
            course,
            rubrics,
            lambda done, total: bar.show("Right runs", done, total),
            seeds=seeds,
            minutes=math.inf if minutes is None else minutes,
        )
    met = [_write_evidence(course, rubric, every[rubric.name]) for rubric in rubrics]
    raise typer.Exit(SUCCESS if all(met) else CHECK_FAILED)


def _write_evidence(course: Course, rubric: Assignment, kept: KeptTrials) -> bool:
    """Write and print an assignment's evidence; returns whether it meets the target."""
    from autograder.authoring import calibration  # noqa: PLC0415 - its imports are slow

    if missing := kept.out_of_date():
        err.print(
            f"ERROR {rubric.name}: {count(len(missing), 'submission')} of the corpus without a "
            f"run that is up to date, such as {missing[0]}; the evidence stays as it was.\n"
            f"TIP   Continue: autograder calibrate {rubric.name}",
            markup=False,
        )
        return False
    try:
        evidence = calibration.derive_evidence(course, rubric, kept)
    except CourseError as error:
        err.print(f"ERROR {rubric.name}: {error.message}\nTIP   {error.tip}", markup=False)
        return False
    assert evidence is not None  # noqa: S101 - nothing is out of date
    calibration.write_evidence(course, rubric, evidence)
    _print_evidence(evidence, rubric)
    out.print(f"Evidence: {course.folder(rubric.name).evidence}", markup=False)
    target = calibration.MOST_FALSE_FAILS
    if evidence.false_fail_at_most <= target and not evidence.false_passes:
        return True
    err.print(
        f"ERROR The target is at most {target:g} false fails, and no wrong run that passes.\n"
        f"TIP   Continue: autograder calibrate {rubric.name}, without --seeds and --minutes; it "
        f"makes {calibration.seeds_needed(kept.corpus)} runs of each right submission. If runs "
        "failed, autograder selftest shows which.",
        markup=False,
    )
    return False


def _print_evidence(evidence: Evidence, rubric: Assignment) -> None:
    """Print the chosen thresholds, and how often right and wrong submissions get past them."""
    table = Table(title=f"{rubric.name}: thresholds")
    for heading in ("threshold", "before", "chosen", "weakest right", "nearest wrong"):
        table.add_column(heading, justify="left" if heading == "threshold" else "right")
    for name, threshold in evidence.thresholds.items():
        before, chosen = rubric.thresholds[name], threshold.chosen
        figures = before, chosen, threshold.weakest_right, threshold.nearest_wrong
        table.add_row(name, *(f"{figure:.4g}" for figure in figures))
    out.print(table)
    out.print(
        f"{evidence.false_fails} of {evidence.right_runs} right runs failed: a right submission "
        f"fails by chance in at most {evidence.false_fail_at_most:.2g} of cases, with "
        f"{evidence.confidence:.0%} confidence. {evidence.false_passes} of {evidence.wrong_runs} "
        "wrong runs passed a check that they must fail.",
        markup=False,
    )


def new(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The new assignment's name, such as 07-my-idea."),
    ],
    *,
    title: Annotated[
        str, typer.Option(metavar="TITLE", help="The new assignment's title.")
    ] = "A new assignment",
) -> None:
    """Start a new assignment for you to change; in an empty folder, start a course too."""
    from autograder.authoring import (  # noqa: PLC0415 - their imports are slow
        add_new_assignment,
        start_course,
    )

    root, written = _course_folder(), []
    if root is None:
        root = Path.cwd()
        written += start_course(root)
    try:
        written += add_new_assignment(root, name, title)
    except BaseException:
        for path in written:  # a course needs at least one assignment
            path.unlink(missing_ok=True)
        raise
    out.print("Created:", markup=False)
    for path in dict.fromkeys(written):
        out.print(f"  {path.relative_to(root)}", markup=False, soft_wrap=True)
    out.print(f"Next: autograder selftest {name}", markup=False)


def _course_folder() -> Path | None:
    """The folder of the course around the working folder, if there is one."""
    try:
        return load_course().root
    except NoCourseError:
        return None


def release(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training; default: all."),
    ] = None,
) -> None:
    """Make release versions from source versions, and a package for students."""
    from autograder.authoring import make_release  # noqa: PLC0415 - its imports are slow
    from autograder.authoring.student_package import make_package  # noqa: PLC0415 - as above

    course = load_course()
    names = [course.assignment(name).name for name in assignments or course.assignments]
    for name in names:
        notebook = make_release(course.root, name)
        out.print(f"Made {notebook.relative_to(course.root)}.", markup=False)
    package = make_package(course, names)
    out.print(
        f"Made {package.relative_to(course.root)}, for students who install the course themselves: "
        f"{', '.join(names)}, with data and checks, without solutions.",
        markup=False,
        soft_wrap=True,
    )
