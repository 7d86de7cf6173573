"""Gradescope: `assignment_7_export/submission_70412/notebook.ipynb`, and one metadata file.

`submission_metadata.yml` says of each `submission_NUMBER` who handed it in (several students in a
group, each with name, sid and e-mail address) and when. The export holds each student's active
attempt.

Source:
    Gradescope, "Download Submissions"; its metadata is YAML as Ruby writes it, whose keys begin
    with a colon. Read with care in many instructors' scripts; nothing else describes it.
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
from autograder.collecting.formats.naming import WRAPPED, Format, Named, words
from autograder.collecting.models import HandedIn, Person
from autograder.errors import CollectError, UncollectedError

METADATA = "submission_metadata.yml"
MOST_METADATA = 200 * 2**20
"""Bytes of it; it holds all results of all attempts."""
NAMED_REGEXP = (
    WRAPPED + r"(?P<student_id>submission_[0-9]+)"
    r"(?:/(?:.*/)?(?P<file_id>[^/]+)|(?P<ending>\.[A-Za-z0-9]+))$"
)
_WANTED = re.compile(r"  :(submitters|created_at):")


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


def _read(archive: Archive, members: Sequence[Named]) -> Iterator[HandedIn]:
    known = _metadata(archive)
    for one in members:
        key = one.get("student_id") + one.get("ending")
        submission = known.get(key, _Submission())
        moment = _moment(submission.created_at)
        for submitter in submission.submitters:
            yield HandedIn(
                person=Person(
                    lms="gradescope",
                    id=submitter.sid or submitter.email,
                    name=words(submitter.name),
                    ids=tuple(known for known in (submitter.email,) if known),
                ),
                member=one.member,
                file=one.get("file_id") or key,
                attempt=int(moment.timestamp() * 1000) if moment else 0,
                submitted_at=moment,
            )


def _metadata(archive: Archive) -> Mapping[str, _Submission]:
    """The metadata file, which stands outside of all submissions."""
    found = min(
        (one for one in archive.members if PurePosixPath(one.path).name == METADATA),
        key=lambda member: member.path.count("/"),
        default=None,
    )
    if found is None:
        raise CollectError(
            f"{archive.path} has no {METADATA}, which says whose each submission is.",
            "Take the whole export: Review Grades > Export Submissions.",
        )
    try:
        return _parsed(archive.read(found, MOST_METADATA).decode("utf-8-sig"))
    except (
        UncollectedError,
        UnicodeDecodeError,
        YAMLError,
        ValidationError,
        RecursionError,
    ) as error:
        why = error.message if isinstance(error, UncollectedError) else str(error).splitlines()[0]
        raise CollectError(
            f"{found.path} in {archive.path} cannot be read: {why}.", "Download the export again."
        ) from error


def _parsed(text: str) -> Mapping[str, _Submission]:
    """Who and when; results and history, the most of it by far, need no reading."""
    loader = YAML(typ="base", pure=True)  # every value is text, no tag makes an object
    try:
        data = loader.load(_abridged(text))
    except YAMLError:
        data = loader.load(text)  # something stands where Ruby would not put it
    return _METADATA.validate_python(data or {})


def _abridged(text: str) -> str:
    """The lines that tell who and when, and those that name the submissions."""
    lines, wanted = [], True
    for line in text.split("\n"):
        if not line.startswith(" "):
            wanted = True
        elif line.startswith("  :"):
            wanted = _WANTED.match(line) is not None
        if wanted:
            lines.append(line)
    return "\n".join(lines)


def _moment(text: str) -> datetime | None:
    """A time as Ruby writes it, such as "2026-10-03 21:42:07.123456789 Z"; None if it is none."""
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
    own=frozenset({METADATA}),
    roster_keys=("sid", "student id", "email", "email address"),
)
