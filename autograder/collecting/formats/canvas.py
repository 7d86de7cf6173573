"""Canvas: `lovelaceada_LATE_1815_70412_notebook-1.ipynb`, flat.

Name (last name first, without spaces), `LATE` if it was late, user id, the file's id, the file's
name. Canvas adds `-1`, `-2` to the name of a file that is submitted again. Anonymous assignments
have `anon_` and five characters for name and user id. The archive has each student's newest attempt
and no times; a later file has a larger id.

Source:
    instructure/canvas-lms, lib/content_zipper.rb: get_filename, add_upload_submission, and
    add_text_or_url; app/models/attachment.rb: make_unique_filename.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.collecting.archive import Archive
from autograder.collecting.formats.naming import OUTER_FOLDERS, Format, NamedMember
from autograder.collecting.models import Person, StudentFile

NAMED_REGEXP = (
    OUTER_FOLDERS + r"(?:(?P<name>[^/]+?)_)??(?P<late>LATE_)?"
    r"(?P<student_id>[0-9]+|anon_[A-Za-z0-9]+)_"
    r"(?:(?P<order>[0-9]+)_|(?=(?:text|link)\.html$))(?P<file_id>[^/]+)$"
)


def _read(_archive: Archive, members: Sequence[NamedMember]) -> Iterator[StudentFile]:
    newest: dict[str, int] = {}
    for named in members:
        student = named.get("student_id")
        newest[student] = max(newest.get(student, 0), int(named.get("order") or 0))
    for named in members:
        student = named.get("student_id")
        yield StudentFile(
            person=Person("canvas", student, named.get("name")),
            member=named.member,
            name=named.get("file_id"),
            attempt=newest[student],
            order=int(named.get("order") or 0),
            late=bool(named.get("late")),
        )


FORMAT = Format(
    lms="canvas",
    example="lovelaceada_1815_70412_notebook.ipynb",
    named_regexp=NAMED_REGEXP,
    read=_read,
    own_files=frozenset(),
    roster_keys=("id", "canvas id", "canvas user id"),
)
