"""`lti.yml`: how marks reach a platform by LTI 1.3, validated and explained as `course.yml` is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from autograder.course.document import read_document
from autograder.course.explain import explain
from autograder.course.models import HTTPS_URL, AssignmentName, Course
from autograder.course.problems import Problem, closest_match, course_error
from autograder.errors import CourseError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TIP = "docs/lti.md describes every key."


def _https(value: str) -> str:
    """An address to which a token may be sent: encrypted, or on this machine."""
    try:
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        is_safe = is_url = False
    if not (is_safe and is_url) or value != value.strip():
        raise PydanticCustomError("url", "not a URL", {"note": ""})
    return value


Url = Annotated[
    str, AfterValidator(_https), WithJsonSchema({"type": "string", "pattern": HTTPS_URL})
]
Text = Annotated[str, Field(min_length=1)]


class LtiFile(BaseModel):
    """Everything in `lti.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    token_url: Url = Field(description="Where the platform gives access tokens.")
    client_id: Text = Field(description="The id that the platform gave this tool, in quotes.")
    private_key: Text = Field(
        description="The file with the tool's private RSA key (PEM), beside lti.yml."
    )
    key_id: Text | None = Field(
        None, description="The key's id in the tool's public key set, if the platform asks for one."
    )
    audience: Text | None = Field(
        None, description="Whom the signed request is for, if that is not token_url."
    )
    line_items: Mapping[AssignmentName, Url] = Field(
        min_length=1, description="The address of each assignment's line item."
    )


@dataclasses.dataclass(frozen=True)
class LtiSettings:
    """How to post marks to a platform.

    Attributes:
        path: `lti.yml`.
        token_url: Where the platform gives access tokens.
        client_id: The tool's id there.
        private_key: The file with the tool's private RSA key.
        key_id: The key's id, or None.
        audience: Whom the signed request is for.
        line_items: The address of each assignment's line item.
    """

    path: Path
    token_url: str
    client_id: str
    private_key: Path
    key_id: str | None
    audience: str
    line_items: Mapping[str, str]


def load_lti(course: Course) -> LtiSettings:
    """Read `lti.yml` beside `course.yml`.

    Raises:
        CourseError: If there is none, or it is invalid; the message lists every problem.
    """
    path = course.root / "lti.yml"
    if not path.exists():
        raise CourseError(
            f"There is no {path}, so nobody knows where marks are posted to.",
            "Register this tool with your platform and write the file: docs/lti.md.",
        )
    document = read_document(path)
    problems = list(document.problems)
    try:
        file = LtiFile.model_validate(document.data)
    except ValidationError as error:
        problems += explain(error, document, LtiFile.model_json_schema())
    else:
        for name in file.line_items:
            if name not in course.assignments:
                match = closest_match(name, course.assignments)
                question = f'; did you mean "{match}"?' if match else ""
                place = ("line_items", name)
                text = f"course.yml has no assignment of this name{question}"
                problems.append(Problem(text, document.line(place), place))
    if problems:
        raise course_error(path, [_with_tip(problem) for problem in problems])
    return LtiSettings(
        path=path,
        token_url=file.token_url,
        client_id=file.client_id,
        private_key=path.parent / file.private_key,
        key_id=file.key_id,
        audience=file.audience or file.token_url,
        line_items=dict(file.line_items),
    )


def _with_tip(problem: Problem) -> Problem:
    return dataclasses.replace(problem, tip=problem.tip or _TIP)
