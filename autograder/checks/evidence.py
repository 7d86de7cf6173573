"""What came out of a sandbox, held against the exercise's schema: evidence, and never a score."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.checks.graded_model import Rebuilt
from autograder.errors import ArchitectureError, WireError
from autograder.exercises import AnyExercise, StudentError, Training, TrainingObserved
from autograder.exercises.architecture import decode, describe

_MODELS_KEPT: Final = 16
_LONGEST_TEXT: Final = 2_000
_LONGEST_TEXTS: Final = 2_000_000
"""Characters of a reply: exceptions of functions and cells, names of layers and arguments."""


class Reply(BaseModel):
    """What comes out of a sandbox, before the exercise's own schema is applied."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )

    observed: dict[str, Any]
    errors: dict[str, StudentError]
    cell_errors: dict[str, StudentError]


@dataclasses.dataclass(frozen=True)
class Evidence:
    """A reply in the exercise's schema, before it is known how to get the model's outputs.

    Attributes:
        exercise: The assignment's exercise.
        parts: The reply.
        observed: What was observed, in the exercise's own schema.
        model: The rebuilt model, or why it cannot be rebuilt; None if nothing was built.
    """

    exercise: AnyExercise
    parts: Reply
    observed: TrainingObserved
    model: Rebuilt | ArchitectureError | None

    @property
    def trainings(self) -> list[Training]:
        """Every training that was observed."""
        values = [getattr(self.observed, name) for name in type(self.observed).model_fields]
        parts = [part for v in values for part in (v.values() if isinstance(v, dict) else (v,))]
        return [part for part in parts if isinstance(part, Training)]


def read_evidence(exercise: AnyExercise, reply: object) -> Evidence:
    """Validate a decoded reply against the exercise's schema.

    Args:
        exercise: The assignment's exercise.
        reply: From `wire.decode`; anything.

    Raises:
        WireError: If the reply does not match the schema.
    """
    require_short_texts(reply)
    try:
        parts = Reply.model_validate(reply)
        observed = exercise.observed_type.model_validate(parts.observed)
    except ValidationError as error:
        raise malformed("the reply", error) from None
    return Evidence(exercise, parts, observed, _rebuilt(exercise, observed))


def require_short_texts(reply: object) -> None:
    """Raise WireError if a text of a reply, or all of them, would make a Grade that is too long.

    Args:
        reply: From `wire.decode`; anything.
    """
    length, parts = 0, [reply]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            length += len(part)
            if len(part) > _LONGEST_TEXT or length > _LONGEST_TEXTS:
                raise WireError(f"a text has {len(part):,} characters, all of them {length:,}")
        elif isinstance(part, dict):
            parts += [*part, *part.values()]
        elif isinstance(part, list):
            parts += part


def malformed(what: str, error: ValidationError) -> WireError:
    """The error of something that does not match its schema.

    Args:
        what: What does not, such as "the reply".
        error: The first problem of it is told.
    """
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return WireError(f"{what}'s {place[:200]}: {first['msg'][:200]}")


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _given_model(exercise: AnyExercise) -> Rebuilt | None:
    """The model that students are given, rebuilt once; None where they build it."""
    model = exercise.build_model()
    if model is None:
        return None
    return Rebuilt(decode(describe(model)), [layer.name for layer in model.layers])


def _rebuilt(
    exercise: AnyExercise, observed: TrainingObserved
) -> Rebuilt | ArchitectureError | None:
    """The given model; where students build it, the one that the reply describes."""
    if (given := _given_model(exercise)) is not None:
        return given
    try:
        if observed.built is None:
            return None
        return Rebuilt(decode(observed.built), starts=observed.starts)
    except ArchitectureError as error:
        return error
