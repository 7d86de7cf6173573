"""The pages of the class report, each rendered from a template that escapes all it prints."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.feedback import template
from autograder.outputs.class_report import figures
from autograder.outputs.class_report.class_data import ClassData
from autograder.outputs.class_report.curves import (
    CurveGroup,
    curve_groups,
    reference_curve,
)
from autograder.outputs.class_report.entry import Entry
from autograder.outputs.class_report.needs import ORDER, needs
from autograder.outputs.class_report.overview import CheckRate, Overview, overview
from autograder.outputs.class_report.plots import (
    Scale,
    curve_panel,
    histogram,
    panels,
    reference_path,
    scale_of,
)
from autograder.outputs.class_report.slugs import slug
from autograder.outputs.class_report.views import (
    MisconceptionView,
    People,
    Person,
    ReadCode,
    check_rows,
    entry_row,
    function_views,
    misconception_view,
    need_rows,
    passed_words,
    student_row,
)
from autograder.outputs.class_report.words import (
    assignment_words,
    check_words,
    class_words,
    late_words,
    moment,
    source_words,
    status_words,
)
from autograder.outputs.marks import format_points
from autograder.results import clean_line

_TEMPLATES = Path(__file__).with_name("templates")
_MOST_NEEDS, _MOST_SHARED, _MOST_SHARED_ON_INDEX = 25, 40, 8
_OWN_SOLUTION = "the course's own solution from the same start"
_SOLUTION = "the course's own solution, the median of its trainings from the students' starts"
_MEDIAN = "the median of those who passed everything"
Page = tuple[str, str]
"""A path in the report, and the HTML document."""


@dataclasses.dataclass(frozen=True)
class _Plots:
    """The loss curves of one assignment."""

    groups: list[CurveGroup]
    scale: Scale | None
    compared: str
    compared_words: str


class Pages:
    """Renders everything of a class report.

    Args:
        data: The class.
        read_code: Reads a student's cell, for the example of a misconception.
        report_link: The address of a student's own report from `students/`; "" if there is none.
    """

    def __init__(self, data: ClassData, read_code: ReadCode, report_link: Any) -> None:
        self._data = data
        self._report_link = report_link
        self._overviews = [overview(assignment) for assignment in data.assignments]
        self._needs = needs(data)
        self._places = {need.student: place for place, need in enumerate(self._needs, 1)}
        self._people = People(data)
        self._plots = {o.data.name: _plots(o) for o in self._overviews}
        self._shared = {o.data.name: list(self._views(o, read_code)) for o in self._overviews}
        self._sources = [source_words(a.source, a.name) for a in data.assignments]

    @property
    def summary(self) -> list[str]:
        """The whole class in a few sentences."""
        return class_words(self._data, self._overviews, self._needs)

    def pages(self) -> Iterator[Page]:
        """Every page, one after the other."""
        yield "index.html", self._index()
        yield "students.html", self._students()
        for counted in self._overviews:
            yield f"assignments/{slug(counted.data.name)}.html", self._assignment(counted)
            for rate in counted.rates:
                path = f"checks/{slug(counted.data.name)}/{slug(rate.name)}.html"
                yield path, self._check(counted, rate)
        shared = {o.data.name: _by_check(o) for o in self._overviews}
        for student in self._data.students:
            yield f"students/{slug(student)}.html", self._student(student, shared)

    def figures(self) -> Iterator[tuple[str, bytes]]:
        """Every file of figures: its name and content."""
        yield figures.SCORES, figures.scores(self._data)
        yield figures.CHECKS, figures.checks(self._overviews)
        yield figures.MISCONCEPTIONS, figures.misconceptions(self._overviews)
        yield figures.NEEDS, figures.needs(self._data, self._needs)
        yield (
            figures.CURVES,
            figures.curves([(name, plots.groups) for name, plots in self._plots.items()]),
        )

    def _render(self, kind: str, depth: int, sources: Sequence[str], **values: Any) -> str:
        return template(f"{kind}.html.j2", _TEMPLATES).render(
            root="../" * depth,
            course=clean_line(self._data.title),
            made_at=moment(self._data.made_at),
            sources=sources,
            scripts=kind != "student",
            **values,
        )

    def _index(self) -> str:
        shared = [
            dataclasses.replace(
                view, full=False, assignment=name, assignment_slug=slug(name), code=""
            )
            for name, views in self._shared.items()
            for view in views
        ]
        shared.sort(key=lambda view: -len(view.people))
        return self._render(
            "index",
            0,
            self._sources,
            summary=self.summary,
            rows=[self._assignment_row(counted) for counted in self._overviews],
            needs=need_rows(self._needs[:_MOST_NEEDS], self._people),
            needs_total=len(self._needs),
            order=ORDER,
            shared=shared[:_MOST_SHARED_ON_INDEX],
            files=figures.FILES.items(),
        )

    def _assignment_row(self, counted: Overview) -> dict[str, Any]:
        graded, most = len(counted.graded), counted.data.assignment.max_score
        numbers = (
            len(counted.missing) if self._data.has_roster else None,
            len(counted.late),
            len(counted.grader_errors),
            len(counted.limits),
            len(counted.flagged) + len(counted.waiting),
        )
        return {
            "name": counted.data.name,
            "slug": slug(counted.data.name),
            "title": clean_line(counted.data.assignment.title),
            "graded": graded,
            "percent": round(100 * counted.passed / graded, 1) if graded else None,
            "median": counted.median,
            "median_share": f"{float(counted.median) / most:.4f}" if graded and most else "",
            "most": format_points(most),
            "numbers": numbers,
        }

    def _students(self) -> str:
        by_student = {need.student: need for need in self._needs}
        rows = [
            student_row(
                self._data,
                student,
                self._people,
                self._places.get(student),
                by_student.get(student),
            )
            for student in self._data.students
        ]
        return self._render(
            "students",
            0,
            self._sources,
            summary=self.summary[:1],
            assignments=[a.name for a in self._data.assignments],
            rows=rows,
            order=ORDER,
            files=_files(figures.SCORES, figures.NEEDS),
        )

    def _assignment(self, counted: Overview) -> str:
        data, plots = counted.data, self._plots[counted.data.name]
        views = self._shared[data.name]
        return self._render(
            "assignment",
            1,
            self._own_sources(counted),
            summary=assignment_words(counted),
            name=data.name,
            own_slug=slug(data.name),
            title=clean_line(data.assignment.title),
            histogram=histogram(counted.scores, data.assignment.max_score),
            most=format_points(data.assignment.max_score),
            unmarked=len(data.entries) - len(counted.graded),
            rates=[(rate, slug(rate.name)) for rate in counted.rates],
            shared=views[:_MOST_SHARED],
            shared_total=len(views),
            stubs=[(f, self._people.all(students)) for f, students in counted.stubs.items()],
            panels=panels(plots.groups, reference_curve(data.entries)),
            bands=any(not group.lines for group in plots.groups),
            compared=plots.compared_words,
            attention=[
                (heading, words, people)
                for heading, words, people in self._attention(counted)
                if people
            ],
            rows=[entry_row(entry, self._people) for entry in data.entries.values()],
            files=figures.FILES.items(),
        )

    def _attention(self, counted: Overview) -> Iterator[tuple[str, str, list[tuple[Person, str]]]]:
        """What a person should look at: a heading, how to read it, and whom it concerns."""

        def listed(entries: Sequence[Entry], words: Any = lambda _: "") -> list[tuple[Person, str]]:
            return [(self._people(entry.student), words(entry)) for entry in entries]

        yield (
            "No mark, because the grader failed",
            "This is not the student's fault, and no zero. Grade again: what failed is retried.",
            listed(counted.grader_errors),
        )
        yield (
            "Handed in and not graded",
            "The next run grades it, or says why it cannot. This is no zero.",
            listed(counted.not_graded),
        )
        yield (
            "Stopped at a limit",
            "Time, memory, processes or disk space: other checks of the same submission count.",
            listed(counted.limits, lambda entry: " ".join(entry.endings)),
        )
        yield (
            "To look at",
            "Something is odd about the submission. It proves nothing, and changed no mark.",
            listed(counted.flagged, lambda entry: " ".join(entry.flags)),
        )
        yield (
            "Waiting for a mark by hand",
            "Formgrader shows them as “needs manual grade”.",
            listed(counted.waiting),
        )
        yield (
            "Late",
            "By the due date that counts for the student, with extensions.",
            listed(counted.late, late_words),
        )
        yield (
            "Nothing handed in",
            "On the roster, without a submission. There is no mark, also no zero.",
            listed(counted.missing),
        )
        yield (
            "Not on the roster",
            "Handed in, and unknown to the gradebook's roster.",
            [(self._people(student), "") for student in counted.data.not_listed],
        )

    def _check(self, counted: Overview, rate: CheckRate) -> str:
        name = counted.data.name
        return self._render(
            "check",
            2,
            self._own_sources(counted),
            summary=check_words(rate),
            name=name,
            own_slug=slug(name),
            check=rate.name,
            title=rate.title,
            shared=[v for v in self._shared[name] if rate.title in (*v.checks, *v.follows)][
                :_MOST_SHARED
            ],
            rows=check_rows(counted, rate.name, self._people),
            files=_files(figures.CHECKS, figures.MISCONCEPTIONS),
        )

    def _student(self, student: str, shared: dict[str, dict[tuple[str, str], int]]) -> str:
        entries = list(self._data.entries_of(student))
        names = {assignment.name for assignment, _ in entries}
        return self._render(
            "student",
            1,
            [
                words
                for assignment, words in zip(self._data.assignments, self._sources, strict=True)
                if assignment.name in names
            ],
            summary=self._student_words(student),
            who=self._people(student),
            works=[
                self._work(entry, assignment.name, clean_line(assignment.assignment.title), shared)
                for assignment, entry in entries
            ],
        )

    def _student_words(self, student: str) -> list[str]:
        place = self._places.get(student)
        if place is None:
            return ["Lost no points to own mistakes, and nothing that is due is missing."]
        reasons = "; ".join(self._needs[place - 1].reasons)
        return [f"Place {place:,} of {len(self._needs):,} who need help: {reasons}."]

    def _work(
        self, entry: Entry, name: str, title: str, shared: dict[str, dict[tuple[str, str], int]]
    ) -> dict[str, Any]:
        plots, panel = self._plots[name], None
        if entry.curve is not None and plots.scale is not None:
            panel = curve_panel(entry.curve, plots.scale, _compared(entry, plots), title)
        return {
            "name": name,
            "slug": slug(name),
            "title": title,
            "score": entry.mark.text,
            "most": format_points(entry.mark.max_score),
            "status": status_words(entry),
            "passed_words": passed_words(entry),
            "late": late_words(entry),
            "report": self._report_link(entry.student, name),
            "flags": entry.flags,
            "endings": entry.endings,
            "groups": function_views(entry, shared[name]),
            "panel": panel,
            "compared": plots.compared_words if entry.reference is None else _OWN_SOLUTION,
        }

    def _views(self, counted: Overview, read_code: ReadCode) -> Iterator[MisconceptionView]:
        for number, shared in enumerate(counted.shared):
            code = ""
            if number < _MOST_SHARED and shared.function:
                code = read_code(shared.example, counted.data.name, shared.function)
            yield misconception_view(shared, self._people, code, counted.data.name)

    def _own_sources(self, counted: Overview) -> list[str]:
        return [source_words(counted.data.source, counted.data.name)]


def _plots(counted: Overview) -> _Plots:
    entries = counted.data.entries
    groups = curve_groups(entries, counted.shared)
    reference, scale = reference_curve(entries), scale_of(groups)
    path = reference_path(scale, groups, reference) if scale else ""
    return _Plots(groups, scale, path, _MEDIAN if reference is None else _SOLUTION)


def _compared(entry: Entry, plots: _Plots) -> str:
    """What a student's loss is compared with: the solution from the same start, if it is known."""
    if entry.reference is None or plots.scale is None:
        return plots.compared
    return plots.scale.path(entry.reference.epochs, entry.reference.losses)


def _by_check(counted: Overview) -> dict[tuple[str, str], int]:
    """How many share a mistake, by its function and a check that it fails."""
    shared: dict[tuple[str, str], int] = {}
    for misconception in counted.shared:
        for title in misconception.checks:
            shared.setdefault((misconception.function, title), len(misconception.students))
    return shared


def _files(*names: str) -> list[tuple[str, str]]:
    return [(name, figures.FILES[name]) for name in names]
