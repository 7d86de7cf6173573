"""Gradescope: `assignment_7_export/submission_70412/notebook.ipynb`, and one metadata file.

`submission_metadata.yml` says who submitted each `submission_NUMBER` (several students in a group,
each with name, sid and email address) and when. The export has each student's active attempt.

Source:
    Gradescope, "Download Submissions". Its metadata is YAML as Ruby writes it, with keys that
    begin with a colon; only instructors' scripts document it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from autograder.collecting.archive import Archive
from autograder.collecting.formats.naming import (
    OUTER_FOLDERS,
    Format,
    NamedMember,
    normalize_spaces,
)
from autograder.collecting.models import Person, StudentFile
from autograder.errors import CollectError, UncollectedError

METADATA = "submission_metadata.yml"
MAX_METADATA_BYTES = 200 * 2**20
"""A limit for the metadata, which has all results of all attempts."""
NAMED_REGEXP = (
    OUTER_FOLDERS + r"(?P<student_id>submission_[0-9]+)"
    r"(?:/(?:.*/)?(?P<file_id>[^/]+)|(?P<ending>\.[A-Za-z0-9]+))$"
)
_USED_KEY = re.compile(r"  :(submitters|created_at):")


class _Submitter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field("", alias=":name")
    sid: str = Field("", alias=":sid")
    email: str = Field("", alias=":email")


class _Submission(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    submitters: tuple[_Submitter, ...] = Field((), alias=":submitters")
    created_at: str = Field("", alias=":created_at")


_METADATA = TypeAdapter(dict[str, _Submission])


def _read(archive: Archive, members: Sequence[NamedMember]) -> Iterator[StudentFile]:
    submissions = _read_metadata(archive)
    for named in members:
        key = named.get("student_id") + named.get("ending")
        submission = submissions.get(key, _Submission())
        moment = _parse_time(submission.created_at)
        for submitter in submission.submitters:
            yield StudentFile(
                person=Person(
                    lms="gradescope",
                    id=submitter.sid or submitter.email,
                    name=normalize_spaces(submitter.name),
                    ids=(submitter.email,) if submitter.email else (),
                ),
                member=named.member,
                name=named.get("file_id") or key,
                attempt=int(moment.timestamp() * 1000) if moment else 0,
                submitted_at=moment,
            )


def _read_metadata(archive: Archive) -> Mapping[str, _Submission]:
    """Read the metadata file, which is outside all submissions."""
    member = min(
        (member for member in archive.members if PurePosixPath(member.path).name == METADATA),
        key=lambda member: member.path.count("/"),
        default=None,
    )
    if member is None:
        raise CollectError(
            f"{archive.path} has no {METADATA}, which says whose each submission is.",
            "Download the whole export: Review Grades > Export Submissions.",
        )
    try:
        return _parse_metadata(archive.read(member, MAX_METADATA_BYTES).decode("utf-8-sig"))
    except (
        UncollectedError,
        UnicodeDecodeError,
        YAMLError,
        ValidationError,
        RecursionError,
    ) as error:
        text = error.message if isinstance(error, UncollectedError) else str(error)
        raise CollectError(
            f"{member.path} in {archive.path} cannot be read: {text.splitlines()[0]}.",
            "Download the export again.",
        ) from error


def _parse_metadata(text: str) -> Mapping[str, _Submission]:
    """Who submitted what, and when; the results and history, most of the file, are skipped."""
    loader = YAML(typ="base", pure=True)  # every value is text, no tag makes an object
    try:
        data = loader.load(_abridge(text))
    except YAMLError:
        data = loader.load(text)  # it is not laid out as Ruby would
    return _METADATA.validate_python(data or {})


def _abridge(text: str) -> str:
    """The lines with submissions, submitters and times."""
    lines, keep = [], True
    for line in text.split("\n"):
        if not line.startswith(" "):
            keep = True
        elif line.startswith("  :"):
            keep = _USED_KEY.match(line) is not None
        if keep:
            lines.append(line)
    return "\n".join(lines)


def _parse_time(text: str) -> datetime | None:
    """A time as Ruby writes it, such as "2026-10-03 21:42:07.123456789 Z"; None otherwise."""
    parts = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)? *(Z|UTC|[+-]\d\d:?\d\d)?", text.strip()
    )
    if parts is None:
        return None
    date, clock, fraction, zone = parts.groups()
    zone = "+00:00" if zone in (None, "Z", "UTC") else f"{zone[:3]}:{zone[-2:]}"
    try:
        moment = datetime.fromisoformat(f"{date}T{clock}.{(fraction or '.')[1:7]:0<6}{zone}")
    except ValueError:
        return None
    return moment.astimezone(timezone.utc)


FORMAT = Format(
    lms="gradescope",
    example="submission_70412/notebook.ipynb",
    named_regexp=NAMED_REGEXP,
    read=_read,
    own_files=frozenset({METADATA}),
    roster_keys=("sid", "student id", "email", "email address"),
)
