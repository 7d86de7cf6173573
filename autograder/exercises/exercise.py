"""The Exercise interface: how an assignment calls the student's functions."""

from __future__ import annotations

import abc
import typing
from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

import keras
import numpy as np

from autograder.course import Seeds
from autograder.exercises.objectives import Objective
from autograder.exercises.observe import Training
from autograder.exercises.sampling import GradingData, HeldOut, PracticeSamples
from autograder.exercises.steps import TrainingGiven, TrainingObserved
from autograder.exercises.student import Student

GivenT = TypeVar("GivenT", bound=TrainingGiven)
ObservedT = TypeVar("ObservedT", bound=TrainingObserved)


class Exercise(abc.ABC, Generic[GivenT, ObservedT]):
    """How one assignment calls the student's functions, and what it observes.

    `solutions/ASSIGNMENT/grading/exercise.py` defines one subclass, with its own `Given` and
    `Observed` models as type arguments: `class FirstTraining(Exercise[Given, Observed])`.

    `prepare` runs in a trusted process. `perform` runs beside the student's code, in the sandbox
    or in the student's own notebook: what it observes is evidence, never a score. Each process
    makes its own object, which holds no state.

    Attributes:
        objective: What the model is trained for: `CLASSIFICATION` or `REGRESSION`.
        signatures: The student's functions, with the names of their arguments.
        given_type: The model of what the functions get; taken from the type arguments.
        observed_type: The model of what is observed; taken from the type arguments.
        features: What the columns of the training features are called in reports; () if nothing.
        shown_name: What `shown_training` is called, where there are several trainings.
    """

    objective: ClassVar[Objective]
    signatures: ClassVar[Mapping[str, tuple[str, ...]]]
    given_type: ClassVar[type[TrainingGiven]] = TrainingGiven
    observed_type: ClassVar[type[TrainingObserved]] = TrainingObserved
    features: ClassVar[tuple[str, ...]] = ()
    shown_name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for base in getattr(cls, "__orig_bases__", ()):
            arguments = typing.get_args(base)
            if typing.get_origin(base) is Exercise and len(arguments) == 2:  # noqa: PLR2004
                cls.given_type, cls.observed_type = arguments

    @abc.abstractmethod
    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[GivenT, HeldOut]:
        """Draw the data and the initial weights.

        Args:
            seeds: Practice seeds, or those derived from the course key.
            grading: What only grading has; None in practice.

        Returns:
            What the student's functions get, and what never enters the sandbox.

        Raises:
            CourseError: If data of the assignment are missing.
        """

    @abc.abstractmethod
    def perform(self, student: Student, given: GivenT) -> ObservedT:
        """Call the student's functions, in the order of the lesson.

        Args:
            student: The student's functions; call them inside `student.step`, which records what
                they raise.
            given: From `prepare`.

        Returns:
            What was observed.
        """

    def build_arguments(self, given: GivenT) -> tuple[object, ...]:  # noqa: ARG002
        """The arguments of the student's `build_model`; () where students are given the model.

        Args:
            given: From `prepare`.
        """
        return ()

    def inputs(self, given: GivenT) -> tuple[np.ndarray, ...]:
        """Arrays of samples for which checks need the model's outputs, besides the held-out ones.

        Args:
            given: From `prepare`.
        """
        return (given.x,)

    def build_model(self) -> keras.Model | None:
        """The model that students are given, built and not compiled; None where they build it."""
        return None

    def shown_training(self, observed: ObservedT) -> Training | None:
        """The training that reports show; None if it did not happen.

        Args:
            observed: From `perform`: evidence.
        """
        return observed.training

    def feature_names(
        self,
        seeds: Seeds,  # noqa: ARG002
        grading: GradingData | None,  # noqa: ARG002
    ) -> tuple[str, ...]:
        """The names of this submission's columns: `features`, unless grading changes the order.

        Args:
            seeds: As in `prepare`.
            grading: As in `prepare`.
        """
        return self.features

    def practice_samples(
        self,
        seeds: Seeds,  # noqa: ARG002
        grading: GradingData | None,  # noqa: ARG002
    ) -> PracticeSamples | None:
        """Public samples on which reports show what the model gets wrong; None shows nothing.

        They must be what students have at home: read no data by `grading`. Features and classes
        are as the model was trained on: where grading changes numbers, they change here too.

        Args:
            seeds: As in `prepare`.
            grading: As in `prepare`, for what it changes.
        """
        return None
