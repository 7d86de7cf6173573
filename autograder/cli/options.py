"""Options and arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

GradedAssignments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ASSIGNMENT", help="Such as 01-first-training; default: all with Grades."
    ),
]
OnlyStudents = Annotated[
    list[str] | None,
    typer.Option("--student", metavar="ID", help="Only this student; can be repeated."),
]
Submitted = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder of submissions; default: submitted/."),
]
Links = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR",
        help="A folder that links in it may lead to, such as /home; can be repeated.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=4096,
        help="Submissions at a time; default: one per core, if memory allows.",
    ),
]
Names = Annotated[
    bool,
    typer.Option("--names", help="Show each student's name beside the id, as on the roster."),
]
