"""Canvas: `lovelaceada_LATE_1815_70412_notebook-1.ipynb`, flat.

Name (last name first, squeezed), `LATE` if it was, user id, the file's id, the file's name. Canvas
adds `-1`, `-2` to the name of a file that is handed in again. Anonymous assignments have `anon_`
and five characters for name and user id. The archive holds each student's newest attempt and no
times; files' ids grow as files are handed in.

Source:
    instructure/canvas-lms, lib/content_zipper.rb: get_filename, add_upload_submission, and
    add_text_or_url; app/models/attachment.rb: make_unique_filename.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.collecting.archive import Archive
from autograder.collecting.formats.naming import WRAPPED, Format, Named
from autograder.collecting.models import HandedIn, Person

NAMED_REGEXP = (
    WRAPPED + r"(?:(?P<name>[^/]+?)_)??(?P<late>LATE_)?(?P<student_id>[0-9]+|anon_[A-Za-z0-9]+)_"
    r"(?:(?P<order>[0-9]+)_|(?=(?:text|link)\.html$))(?P<file_id>[^/]+)$"
)


def _read(_archive: Archive, members: Sequence[Named]) -> Iterator[HandedIn]:
    newest: dict[str, int] = {}
    for one in members:
        student = one.get("student_id")
        newest[student] = max(newest.get(student, 0), int(one.get("order") or 0))
    for one in members:
        student = one.get("student_id")
        yield HandedIn(
            person=Person("canvas", student, one.get("name")),
            member=one.member,
            file=one.get("file_id"),
            attempt=newest[student],
            order=int(one.get("order") or 0),
            late=bool(one.get("late")),
        )


FORMAT = Format(
    lms="canvas",
    example="lovelaceada_1815_70412_notebook.ipynb",
    named_regexp=NAMED_REGEXP,
    read=_read,
    own=frozenset(),
    roster_keys=("id", "canvas id", "canvas user id"),
)
