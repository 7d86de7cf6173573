"""Write a class report into its folder."""

from __future__ import annotations

import dataclasses
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from autograder.errors import ReportError
from autograder.outputs.class_report.class_data import ClassData
from autograder.outputs.class_report.examples import answer_cell, is_folder_name
from autograder.outputs.class_report.folder import FOLDER, new_report
from autograder.outputs.class_report.pages import Pages


@dataclasses.dataclass(frozen=True)
class Written:
    """A class report that was written.

    Attributes:
        index: Its first page.
        files: How many files it has.
        summary: The class in a few sentences.
    """

    index: Path
    files: int
    summary: tuple[str, ...]


def write_class_report(root: Path, data: ClassData) -> Written:
    """Write the class report, in place of the one before.

    Args:
        root: The course folder.
        data: The class.

    Raises:
        ReportError: If there is no Grade, or something else is in the report's place.
    """
    if not any(assignment.source.grades for assignment in data.assignments):
        raise ReportError(
            f"There is no Grade in {root / 'grades'} yet, so there is nothing to report.",
            "Grade first: autograder grade.",
        )

    def read_code(student: str, assignment: str, function: str) -> str:
        return answer_cell(root, student, assignment, function)

    def report_link(student: str, assignment: str) -> str:
        place = f"feedback/{student}/{assignment}/{assignment}.html"
        is_there = is_folder_name(student) and (root / place).is_file()
        return f"../../{quote(place)}" if is_there else ""

    with new_report(root) as folder:
        pages = Pages(data, read_code, report_link)
        for name in ("report.css", "report.js", "dataTables.min.js", "dataTables.LICENSE.txt"):
            file = resources.files(__package__) / "site" / name
            folder.write(f"site/{name}", file.read_bytes())
        for name, content in pages.figures():
            folder.write(f"figures/{name}", content)
        for path, html in pages.pages():
            folder.write(path, html.encode())
        summary = tuple(pages.summary)
    return Written(root / FOLDER / "index.html", folder.files, summary)
