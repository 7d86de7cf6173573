"""Moodle: `Ada Lovelace_1815_assignsubmission_file/notebook.ipynb`, in folders or flat.

Full name, participant id, the kind of submission, the file, perhaps below the student's own
folders. In a flat archive the last slash is `_`; old versions write `_file_/`. With blind marking
the name is `Participant`. The archive has each student's newest attempt and no times, so the newer
of two archives counts. Participant ids differ from assignment to assignment.

Source:
    moodle/moodle, mod/assign/classes/downloader.php: get_student_prefix and
    load_submissionplugin_filelist; before 4.1 mod/assign/locallib.php: download_submissions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.collecting.archive import Archive
from autograder.collecting.formats.naming import (
    OUTER_FOLDERS,
    Format,
    NamedMember,
    normalize_spaces,
)
from autograder.collecting.models import Person, StudentFile

NAMED_REGEXP = (
    OUTER_FOLDERS + r"(?P<name>[^/]+?)_(?P<student_id>[0-9]+)_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_?/(?:.*/)?|_)(?P<file_id>[^/]+)$"
)


def _read(archive: Archive, members: Sequence[NamedMember]) -> Iterator[StudentFile]:
    for named in members:
        person = Person("moodle", named.get("student_id"), normalize_spaces(named.get("name")))
        yield StudentFile(person, named.member, named.get("file_id"), attempt=archive.packed_at)


FORMAT = Format(
    lms="moodle",
    example="Ada Lovelace_1815_assignsubmission_file/notebook.ipynb",
    named_regexp=NAMED_REGEXP,
    read=_read,
    own_files=frozenset(),
    roster_keys=("identifier", "participant", "participant id"),
)
