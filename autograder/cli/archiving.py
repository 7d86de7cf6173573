"""The commands `archive` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out
from autograder.course import load_course
from autograder.results import clean_line


def archive(
    *,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Default: archives/FOLDER-TIME.tar.gz in the course."
        ),
    ] = None,
) -> None:
    """Write everything that a term needs into one file, with the gradebook and digests."""
    from autograder.records import archive as write_archive  # noqa: PLC0415 - slow to import

    course = load_course()
    done = write_archive(course, out_file)
    for name in done.left_out:
        err.print(f"Left out: {clean_line(name)} (not a file)", markup=False, soft_wrap=True)
    out.print(
        f"Wrote {done.path}: {count(done.files, 'file')}, {done.size / 2**20:.1f} MB.\n"
        "It holds everybody's work and marks, and course.key, from which all grading seeds come. "
        "Only you can read it; keep it so.",
        markup=False,
        soft_wrap=True,
    )
    raise typer.Exit(INCOMPLETE if done.left_out else SUCCESS)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `autograder archive` wrote.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is new.")],
) -> None:
    """Restore a course from its archive into a new folder, and verify every file."""
    from autograder.records import restore as unpack  # noqa: PLC0415 - slow to import
    from autograder.records import versions_here  # noqa: PLC0415 - as above

    manifest = unpack(file, folder)
    out.print(
        f"Restored {clean_line(manifest.title)} of {manifest.made_at:%Y-%m-%d %H:%M} UTC into "
        f"{folder}: {count(len(manifest.files), 'file')}, each with its digest.",
        markup=False,
        soft_wrap=True,
    )
    if manifest.gradebook_configured:
        out.print(
            "Its settings named the gradebook. nbgrader_config.py and course.yml there name the "
            "restored copy now, gradebook.db.",
            markup=False,
            soft_wrap=True,
        )
    here = versions_here()
    for name, version in manifest.versions.items():
        if here.get(name) != version:
            err.print(
                f"NOTE  It was made with {name} {clean_line(version, 40)}; here is "
                f"{here.get(name, 'none')}.",
                markup=False,
                soft_wrap=True,
            )
    raise typer.Exit(SUCCESS)
