"""Predictions of a second run: what is asked of it, and the model that its answers make.

For a model that only the submission's own code can build; see `graded_model`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from pydantic import ValidationError

from autograder.checks.evidence import Evidence, Reply, malformed, require_short_texts
from autograder.checks.graded_model import Predicted, digest_of
from autograder.errors import ArchitectureError, WireError
from autograder.exercises import (
    PREDICT,
    FloatArray,
    HeldOut,
    IntArray,
    PredictionInputs,
    Predictions,
    TrainingGiven,
    draw_initial_weights,
    in_one_order,
)
from autograder.exercises.architecture import MOST_PARAMETERS, Description

_PREDICT_TIP: Final = "Let build_model build the same model each time, from its arguments alone."
_ORDER: Final = 977
"""The stream of random numbers for the order of samples."""


@dataclasses.dataclass(frozen=True)
class PredictionRequest:
    """What a second run of a submission is asked, and what the answers are for.

    Attributes:
        inputs: What the run gets: samples in one order, and lists of weights.
        places: Where each of our arrays of samples is in that order, by `digest_of`.
    """

    inputs: PredictionInputs
    places: Mapping[bytes, IntArray]


def prediction_request(
    given: TrainingGiven, held_out: HeldOut, evidence: Evidence, seed: int
) -> PredictionRequest | None:
    """What to ask of a second run; None if the model was rebuilt, or was never built.

    Args:
        given: From `exercise.prepare`.
        held_out: From `exercise.prepare`.
        evidence: From `read_evidence`.
        seed: Of the order of the samples.
    """
    exercise, starts = evidence.exercise, evidence.observed.starts
    if not isinstance(evidence.model, ArchitectureError) or not starts:
        return None
    if sum(math.prod(start.shape) for start in starts) > MOST_PARAMETERS:
        return None
    kinds = [*exercise.inputs(given), held_out.x]
    samples, places = in_one_order(kinds, [seed, _ORDER])
    lists = {
        digest_of(weights): weights
        for training in evidence.trainings
        for weights in [training.weights, training.start_weights, *training.epoch_weights]
        if weights is not None
    }
    initial = draw_initial_weights(starts, given.start_seed)
    lists |= {digest_of(initial): initial}
    inputs = PredictionInputs(
        arguments=list(exercise.build_arguments(given)),
        shuffling=given.shuffling,
        samples=samples,
        weights=list(lists.values()),
    )
    return PredictionRequest(
        inputs, {digest_of([x]): p for x, p in zip(kinds, places, strict=True)}
    )


def predicted_model(
    evidence: Evidence, request: PredictionRequest, reply: object
) -> Predicted | ArchitectureError:
    """The model by its predictions; or why there are none.

    Args:
        evidence: From `read_evidence`.
        request: What the second run was asked.
        reply: Its decoded reply, anything; or why there is none.

    Raises:
        WireError: If the reply does not match the request.
    """
    if isinstance(reply, str):
        return ArchitectureError(
            f"To predict with your model, your notebook was run once more: {reply}", _PREDICT_TIP
        )
    require_short_texts(reply)
    try:
        parts = Reply.model_validate(reply)
        answered = Predictions.model_validate(parts.observed).outputs
        description = Description.model_validate(evidence.observed.built)
    except ValidationError as error:
        raise malformed("the predictions", error) from None
    raised = parts.errors.get(PREDICT)
    if raised is not None:
        return ArchitectureError(
            f"To predict with your model, `build_model` was called once more: it {raised}",
            _PREDICT_TIP,
        )
    outputs = _outputs_by_weights(request, answered)
    return Predicted(description, evidence.observed.starts, outputs)


def _outputs_by_weights(
    request: PredictionRequest, answered: Sequence[FloatArray | None]
) -> dict[tuple[bytes, bytes], FloatArray | None]:
    """The outputs of each list of weights for each array of samples, by `digest_of` both."""
    inputs = request.inputs
    outputs: dict[tuple[bytes, bytes], FloatArray | None] = {}
    if len(answered) != len(inputs.weights):
        raise WireError("the predictions do not belong to the request")
    for weights, rows in zip(inputs.weights, answered, strict=True):
        if rows is not None and (
            rows.dtype != np.float32 or rows.ndim == 0 or len(rows) != len(inputs.samples)
        ):
            raise WireError("the predictions are not one row of float32 numbers for each sample")
        for samples, places in request.places.items():
            outputs[digest_of(weights), samples] = None if rows is None else rows[places]
    if len({rows.shape[1:] for rows in outputs.values() if rows is not None}) > 1:
        raise WireError("the predictions do not have one shape")
    return outputs
