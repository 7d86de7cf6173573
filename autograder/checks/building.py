"""Expectations of `build_model`: whether the model fits the data, whatever its layers are."""

from __future__ import annotations

from pydantic import ValidationError

from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.graded_model import GradedModel, is_distribution
from autograder.checks.preconditions import reached
from autograder.checks.training_run import Run
from autograder.errors import ArchitectureError
from autograder.exercises import BUILD_OTHER, CLASSIFICATION
from autograder.exercises.architecture import Architecture, Description, decode

_LAST_LAYER_HINT = {
    "softmax": 'Give the last layer `activation="softmax"`.',
    "linear": "Give the last layer no activation.",
}


def model_fits(run: Run, finding: Finding, outputs: int) -> None:
    """`build_model` builds a model for the data: right input shape, outputs, last activation.

    Args:
        run: The training run.
        finding: Takes what the check reports.
        outputs: How many numbers the model must output for each sample.
    """
    reached(run, "build_model")
    model = run.model
    if not isinstance(model, GradedModel):
        raise CheckFailedError("`build_model` built no model.", "Return a `keras.Sequential`.")
    sample_shape = run.given.x.shape[1:]
    if model.input_shape not in (None, sample_shape):
        raise CheckFailedError(
            f"The model takes samples of shape {model.input_shape}; one sample of the data has "
            f"shape {sample_shape}.",
            "Build the input from the arguments of `build_model`: `keras.Input(...)`.",
        )
    finding.show(layers=list(model.layers), parameters=model.parameters)
    if model.output_shape != (outputs,):
        units = "1 unit" if outputs == 1 else f"{outputs} units; take the number from the argument"
        raise CheckFailedError(
            f"For each sample the model outputs an array of shape {model.output_shape}; its shape "
            f"must be {(outputs,)}.",
            f"End with a Dense layer of {units}.",
        )
    expected = "softmax" if run.objective is CLASSIFICATION else "linear"
    activation = model.last_activation
    if activation != expected and not _outputs_probabilities(run):
        reason = {
            "softmax": "only softmax outputs probabilities that sum to 1, one for each class",
            "linear": "it must be linear, so that the model can output any number",
        }
        raise CheckFailedError(
            f"The last layer's activation is {activation}; {reason[expected]}.",
            _LAST_LAYER_HINT[expected],
        )
    layers = "1 layer" if len(model.layers) == 1 else f"{len(model.layers)} layers"
    finding.say(f"The model fits the data; it has {model.parameters:,} weights in {layers}.")


def _outputs_probabilities(run: Run) -> bool:
    """Whether the outputs are probabilities, whichever layers make them so."""
    return run.objective is CLASSIFICATION and is_distribution(
        run.outputs(run.initial_weights, run.given.x)
    )


def built_for_other_sizes(run: Run, call: str, hint: str) -> Architecture | Description:
    """`build_model` builds a model for other sizes too.

    Args:
        run: The training run.
        call: How it was called, for messages.
        hint: One thing to do if it raised.

    Returns:
        The model that it built: its architecture, or what the sandbox said about it where it
        cannot be rebuilt. Both have `input_shape` and `output_shape`.
    """
    reached(run, "build_model")
    error = run.errors.get(BUILD_OTHER)
    if error is not None:
        raise CheckFailedError(f"`{call}` {error}", error.hint or hint)
    if run.observed.built_other is None:
        raise CheckFailedError(f"`{call}` returned no model.", "Return the model in every case.")
    try:
        return decode(run.observed.built_other)
    except ArchitectureError as refused:
        if run.outputs_from != "predicted":
            raise CheckFailedError(f"`{call}`: {refused.message}", refused.tip) from None
    try:
        return Description.model_validate(run.observed.built_other)
    except ValidationError:
        raise CheckFailedError(f"{call} returned no usable model.", hint) from None
