"""Moodle: `Ada Lovelace_1815_assignsubmission_file/notebook.ipynb`, in folders or flat.

Full name, participant id, the kind of submission, the file, perhaps below folders of the
student's. Flat, the last slash is `_`; old versions write `_file_/`. With blind marking the name
is `Participant`. The archive holds each student's newest attempt and no times, so the newer of
two archives counts. Participant ids differ from assignment to assignment.

Source:
    moodle/moodle, mod/assign/classes/downloader.php: get_student_prefix and
    load_submissionplugin_filelist; before 4.1 mod/assign/locallib.php: download_submissions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.collecting.archive import Archive
from autograder.collecting.formats.naming import WRAPPED, Format, Named, words
from autograder.collecting.models import HandedIn, Person

NAMED_REGEXP = (
    WRAPPED + r"(?P<name>[^/]+?)_(?P<student_id>[0-9]+)_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_?/(?:.*/)?|_)(?P<file_id>[^/]+)$"
)


def _read(archive: Archive, members: Sequence[Named]) -> Iterator[HandedIn]:
    for one in members:
        person = Person("moodle", one.get("student_id"), words(one.get("name")))
        yield HandedIn(person, one.member, one.get("file_id"), attempt=archive.made)


FORMAT = Format(
    lms="moodle",
    example="Ada Lovelace_1815_assignsubmission_file/notebook.ipynb",
    named_regexp=NAMED_REGEXP,
    read=_read,
    own=frozenset(),
    roster_keys=("identifier", "participant", "participant id"),
)
