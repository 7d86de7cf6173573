"""Marks as CSV and JSON, and Grades as JUnit XML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from autograder.outputs.marks import Mark, format_points
from autograder.outputs.totals import Total
from autograder.results import Grade, Outcome, clean, escape_formula

_TOTAL_HEADINGS = ("student", "status", "score", "max_score", "dropped", "missing")
_HEADINGS = ("student", "assignment", "status", "score", "max_score", "late_penalty")


def marks_as_csv(marks: Iterable[Mark]) -> bytes:
    """One line per student and assignment; without a mark, the score is empty.

    `status` says why.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    for mark in marks:
        points = (mark.text, format_points(mark.max_score), format_points(mark.late_penalty))
        writer.writerow([escape_formula(mark.student), mark.assignment, mark.status.value, *points])
    return text.getvalue().encode("utf-8")


def marks_as_json(marks: Iterable[Mark]) -> bytes:
    """A list of objects; without a mark, `score` is null and `status` says why."""
    rows = [mark.model_dump(mode="json") for mark in marks]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def totals_as_csv(rows: Iterable[Total]) -> bytes:
    """One line per student; names of assignments are separated by spaces."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_TOTAL_HEADINGS)
    for total in rows:
        score = "" if total.score is None else format_points(total.score)
        writer.writerow(
            [
                escape_formula(total.student),
                total.status.value,
                score,
                format_points(total.max_score),
                " ".join(total.dropped),
                " ".join(total.missing),
            ]
        )
    return text.getvalue().encode("utf-8")


def totals_as_json(rows: Iterable[Total]) -> bytes:
    """A list of objects; without a total, `score` is null and `status` says why."""
    dumped = [total.model_dump(mode="json") for total in rows]
    return json.dumps(dumped, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def grades_as_junit(grades: Iterable[tuple[str, Iterable[Grade]]]) -> bytes:
    """A `testsuite` per assignment, and a `testcase` per student and check.

    A check that was not attempted is skipped, one that the grader could not decide is an error, and
    any other that did not pass is a failure.

    Args:
        grades: Assignments with their Grades.

    Source:
        pytest's junit-xml.
    """
    suites = ET.Element("testsuites")
    for assignment, graded in grades:
        suite = ET.SubElement(suites, "testsuite", name=assignment)
        counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
        seconds = 0.0
        for grade in graded:
            seconds += grade.seconds
            for verdict in grade.checks:
                case = ET.SubElement(
                    suite, "testcase", classname=clean(grade.student), name=verdict.name, time="0"
                )
                counts["tests"] += 1
                if verdict.outcome is Outcome.PASSED:
                    continue
                kind, count = _KINDS.get(verdict.outcome, ("failure", "failures"))
                counts[count] += 1
                ET.SubElement(case, kind, message=clean(verdict.message)).text = clean(verdict.hint)
        suite.attrib.update({name: str(number) for name, number in counts.items()})
        suite.set("time", f"{seconds:.3f}")
    ET.indent(suites, " ")
    return bytes(ET.tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


_KINDS = {
    Outcome.NOT_ATTEMPTED: ("skipped", "skipped"),
    Outcome.GRADER_ERROR: ("error", "errors"),
}
"""Elements of a testcase, and the suite's attribute that counts them."""
