"""What every exercise shares: the Exercise interface, sampling, observing a training.

An assignment's `grading/exercise.py` imports from here. `Exercise.prepare` runs in a trusted
process. `Exercise.perform` runs beside the student's code: what it observes is evidence, never a
score.
"""

from __future__ import annotations

from autograder.exercises.cells import notebook_namespace, run_cells
from autograder.exercises.exercise import Exercise
from autograder.exercises.initial_weights import (
    InitialWeight,
    draw_initial_weights,
    initial_weights_of,
    usual_initial_weight,
)
from autograder.exercises.loading import AnyExercise, load_exercise, load_module
from autograder.exercises.metrics import (
    Answers,
    FloatArray,
    IntArray,
    accuracy,
    cross_entropy,
    mean_squared_error,
    softmax,
)
from autograder.exercises.objectives import CLASSIFICATION, REGRESSION, Objective
from autograder.exercises.observe import (
    MOST_LOGGED,
    EpochRecorder,
    LayersChangedError,
    Training,
    observe_training,
    record_compile,
    record_epochs,
    require_same_layers,
    same_layers,
)
from autograder.exercises.predicting import (
    PREDICT,
    PredictionInputs,
    Predictions,
    in_one_order,
    predict,
)
from autograder.exercises.sampling import (
    GradingData,
    HeldOut,
    PracticeSamples,
    renumber_classes,
    sample_per_class,
)
from autograder.exercises.settings import (
    GRADIENT,
    CompileSettings,
    compile_settings,
    learning_rate_of,
    optimizer_steps,
)
from autograder.exercises.steps import (
    BUILD_OTHER,
    BuildFields,
    BuildOtherFields,
    CompileFields,
    Probe,
    TrainFields,
    TrainingGiven,
    TrainingObserved,
    build,
    build_other,
    compile_model,
    make_probe,
    train,
)
from autograder.exercises.student import (
    ENDED,
    Guard,
    Student,
    StudentError,
    cell_filename,
    describe,
    first_line,
)
from autograder.exercises.tensorflow_setup import configure_tensorflow
from autograder.exercises.values import (
    Observation,
    SandboxSeed,
    finite,
    finite_weights,
    floats,
    numeric,
    type_name,
)

__all__ = [
    "BUILD_OTHER",
    "CLASSIFICATION",
    "ENDED",
    "GRADIENT",
    "MOST_LOGGED",
    "PREDICT",
    "REGRESSION",
    "Answers",
    "AnyExercise",
    "BuildFields",
    "BuildOtherFields",
    "CompileFields",
    "CompileSettings",
    "EpochRecorder",
    "Exercise",
    "FloatArray",
    "GradingData",
    "Guard",
    "HeldOut",
    "InitialWeight",
    "IntArray",
    "LayersChangedError",
    "Objective",
    "Observation",
    "PracticeSamples",
    "PredictionInputs",
    "Predictions",
    "Probe",
    "SandboxSeed",
    "Student",
    "StudentError",
    "TrainFields",
    "Training",
    "TrainingGiven",
    "TrainingObserved",
    "accuracy",
    "build",
    "build_other",
    "cell_filename",
    "compile_model",
    "compile_settings",
    "configure_tensorflow",
    "cross_entropy",
    "describe",
    "draw_initial_weights",
    "finite",
    "finite_weights",
    "first_line",
    "floats",
    "in_one_order",
    "initial_weights_of",
    "learning_rate_of",
    "load_exercise",
    "load_module",
    "make_probe",
    "mean_squared_error",
    "notebook_namespace",
    "numeric",
    "observe_training",
    "optimizer_steps",
    "predict",
    "record_compile",
    "record_epochs",
    "renumber_classes",
    "require_same_layers",
    "run_cells",
    "same_layers",
    "sample_per_class",
    "softmax",
    "train",
    "type_name",
    "usual_initial_weight",
]
