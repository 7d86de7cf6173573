"""Commands of course authors: `new`, `release`, `selftest`, `calibrate`, `schema`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import SUCCESS, SURPRISE, Bar, err, out
from autograder.course import Assignment, Course, load_course, write_course_schema
from autograder.journal import write_atomically
from autograder.plain_text import clean_line
from autograder.quiet import import_tensorflow

Name = Annotated[str, typer.Argument(help="The assignment, such as 01-first-training.")]


def schema() -> None:
    """Write course.schema.json, by which editors check course.yml as it is typed."""
    path = load_course().root / "course.schema.json"
    write_course_schema(path)
    out.print(f"Wrote {path}.", markup=False)


def selftest(
    assignment: Annotated[
        str | None, typer.Argument(help="The assignment; all of the course unless told.")
    ] = None,
    *,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Runs of each submission.")] = 2,
) -> None:
    """Hold every check against the corpus of right and wrong submissions."""
    course = load_course()
    chosen = course.assignments.values() if assignment is None else [course.assignment(assignment)]
    surprising = [rubric.name for rubric in chosen if not _selftest(course, rubric, seeds)]
    if surprising:
        err.print(
            f"ERROR Surprises in {', '.join(surprising)}.\n"
            "TIP   Mend the check, its hint or its threshold; or the corpus, where it is wrong.",
            markup=False,
        )
    raise typer.Exit(SURPRISE if surprising else SUCCESS)


def _selftest(course: Course, rubric: Assignment, seeds: int) -> bool:
    """Test one assignment, print its matrix, and say whether all was as it must be."""
    import_tensorflow()
    from autograder import selftest as gate  # noqa: PLC0415 - it needs TensorFlow

    with Bar(f"{rubric.name}: starting TensorFlow") as bar:
        rows = gate.selftest(
            course, rubric, seeds, lambda done, total: bar.show(rubric.name, done, total)
        )
    columns = {name: f"{place:>2}" for place, name in enumerate(rubric.checks, start=1)}
    table = Table(title=f"{rubric.name}: {len(rows)} submissions, {seeds} seeds", show_lines=False)
    table.add_column("submission")
    for number in columns.values():
        table.add_column(number, justify="center")
    colours = {gate.PASSES: "green", gate.SURPRISE: "bold red"}
    for row in rows:
        marks = [Text(mark, style=colours.get(mark, "yellow")) for mark in row.marks]
        table.add_row(row.entry.name, *marks)
    out.print(table)
    out.print(
        "  ".join(f"{number.strip()} {name}" for name, number in columns.items()), markup=False
    )
    out.print(
        f"{gate.PASSES} passes  {gate.FAILS} fails, as it must  {gate.LUCK} fails by the luck of "
        f"the draw  {gate.SURPRISE} a surprise",
        markup=False,
    )
    for row in rows:
        for surprise in row.surprises:
            said = f"{row.entry.name}, {clean_line(surprise, 600)}"
            err.print(said, markup=False, soft_wrap=True)
    return not any(row.surprises for row in rows)


def calibrate(
    assignment: Name,
    *,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=100_000,
            help="Runs of each right submission; as many as bound false fails by 1 in 1,000.",
        ),
    ] = None,
) -> None:
    """Choose the thresholds by what right and wrong submissions reach over many seeds."""
    import_tensorflow()
    from autograder import calibration  # noqa: PLC0415 - it needs TensorFlow
    from autograder.course.edit import set_thresholds  # noqa: PLC0415 - as above

    course = load_course()
    rubric = course.assignment(assignment)
    if seeds is None:
        seeds = calibration.seeds_needed(course, rubric)
    with Bar("Starting TensorFlow") as bar:
        found = calibration.calibrate(
            course, rubric, seeds, lambda done, total: bar.show("Training", done, total)
        )
    course_file = course.root / "course.yml"
    chosen = {name: one.chosen for name, one in found.thresholds.items()}
    evidence = (found.model_dump_json(indent=1) + "\n").encode()
    write_atomically(calibration.evidence_file(course, assignment), evidence)
    picture = calibration.draw(found, rubric.title)
    write_atomically(calibration.picture_file(course, assignment), picture)
    write_atomically(course_file, set_thresholds(course_file, assignment, chosen))
    table = Table(title=f"{assignment}: thresholds")
    for heading in ("threshold", "before", "chosen", "weakest right", "nearest wrong"):
        table.add_column(heading, justify="left" if heading == "threshold" else "right")
    for name, one in found.thresholds.items():
        figures = rubric.thresholds[name], one.chosen, one.weakest_right, one.nearest_wrong
        table.add_row(name, *(f"{figure:.4g}" for figure in figures))
    out.print(table)
    out.print(
        f"{found.false_fails} of {found.right_runs} right runs failed: a right submission fails by "
        f"chance in at most {found.false_fail_at_most:.2g} of cases, with {found.confidence:.0%} "
        f"confidence. Of {found.wrong_runs} wrong runs {found.false_passes} passed what they must "
        "fail.",
        markup=False,
    )
    out.print(f"Evidence: {calibration.evidence_file(course, assignment)}", markup=False)
    met = found.false_fail_at_most <= calibration.MOST_FALSE_FAILS
    if not met or found.false_passes:
        err.print(
            f"ERROR The target is {calibration.MOST_FALSE_FAILS:g}, and no wrong run that passes.\n"
            f"TIP   Leave out --seeds, or give {calibration.seeds_needed(course, rubric)}; where "
            "runs failed, run autograder selftest to see which.",
            markup=False,
        )
    raise typer.Exit(SUCCESS if met and not found.false_passes else SURPRISE)


def new(
    name: Annotated[str, typer.Argument(help="The new assignment's name, such as 07-my-idea.")],
    *,
    title: Annotated[str, typer.Option(help="Its title as people read it.")] = "A new assignment",
) -> None:
    """Add an assignment that passes its selftest at once, for you to change."""
    from autograder.scaffold import add_new_assignment  # noqa: PLC0415 - its imports are slow

    course = load_course()
    made = add_new_assignment(course, name, title)
    out.print("Written:", markup=False)
    for path in made:
        out.print(f"  {path.relative_to(course.root)}", markup=False, soft_wrap=True)
    out.print(f"Next: autograder selftest {name}; then docs/write-an-assignment.md.", markup=False)


def release(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="The assignments; all of the course unless told.")
    ] = None,
) -> None:
    """Make the release versions from the source versions, and the student's package of them."""
    from autograder.release import make_release  # noqa: PLC0415 - it is seldom needed
    from autograder.student_package import make_package  # noqa: PLC0415 - as above

    course = load_course()
    names = [course.assignment(name).name for name in assignments or course.assignments]
    for name in names:
        made = make_release(course.root, name)
        out.print(f"Made {made.relative_to(course.root)}.", markup=False)
    package = make_package(course, names)
    out.print(
        f"Made {package.relative_to(course.root)}: hand it out where students install the course "
        f"themselves. It holds {', '.join(names)}, with data and checks, without solutions.",
        markup=False,
        soft_wrap=True,
    )
