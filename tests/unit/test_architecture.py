"""An architecture leaves the sandbox as plain values; what is not allowed is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from autograder.errors import ArchitectureError
from autograder.exercises.architecture import ALLOWED, build, decode, describe
from autograder.wire import decode as decode_bytes
from autograder.wire import encode as encode_bytes

L = keras.layers
MODELS = {
    "dense": [keras.Input((3,)), L.Dense(5, activation="relu"), L.Dense(2, activation="softmax")],
    "images": [
        keras.Input((28, 28, 1)),
        L.Rescaling(1 / 255),
        L.Conv2D(8, 3, activation="relu", padding="same"),
        L.MaxPooling2D(),
        L.Conv2D(16, (3, 3), strides=2, use_bias=False),
        L.BatchNormalization(),
        L.ReLU(),
        L.AveragePooling2D(2, padding="same", strides=2),
        L.GlobalMaxPooling2D(),
        L.Dropout(0.3),
        L.Dense(10),
        L.Softmax(),
    ],
    "flat": [keras.Input((8, 8)), L.Flatten(), L.LayerNormalization(), L.Dense(4)],
    "text": [
        keras.Input((12,)),
        L.Embedding(500, 16),
        L.Conv1D(8, 3),
        L.MaxPooling1D(2),
        L.GlobalAveragePooling1D(),
        L.Dense(8),
    ],
    "sequence": [
        keras.Input((20, 6)),
        L.LSTM(7, return_sequences=True),
        L.GRU(5, return_sequences=True),
        L.SimpleRNN(3),
        L.Dense(2),
    ],
}


@pytest.mark.parametrize("name", MODELS)
def test_described_model_is_rebuilt_as_it_was(name: str) -> None:
    """What Keras built is built again from plain values, with the same shapes and settings."""
    model = keras.Sequential(MODELS[name])
    received = decode_bytes(encode_bytes(describe(model)))
    again = build(decode(received))
    again.set_weights(model.get_weights())
    assert again.model.output_shape == model.output_shape
    described = describe(again.model)
    assert {**described, "kind": "Sequential"} == describe(model)


@pytest.mark.parametrize("name", MODELS)
def test_decoded_architecture_knows_its_sizes(name: str) -> None:
    """Shapes and numbers of parameters are Keras' own, before anything is built."""
    model = keras.Sequential(MODELS[name])
    architecture = decode(describe(model))
    assert architecture.output_shape == model.output_shape[1:]
    assert architecture.parameters == model.count_params()


def dense(**settings: Any) -> dict[str, Any]:
    """A description of one layer; `settings` adds what is wrong with it."""
    return {"kind": "Dense", "units": 2, **settings}


def lstm(**settings: Any) -> dict[str, Any]:
    """A description of a recurrent layer, which takes its parameters at each step."""
    return {"kind": "LSTM", **settings}


def chain(value: Any) -> Any:
    """The same description with calls of its layers, one after another."""
    layers = value.get("layers", []) if isinstance(value, dict) else []
    calls = [{"layer": number, "inputs": [number]} for number in range(len(layers))]
    return {**value, "calls": calls, "positions": [[] for _ in calls]} if layers else value


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (
            {"input_shape": [3], "layers": [{"kind": "Lambda"}]},
            "'Lambda', which the grader does not support",
        ),
        ({"input_shape": [3], "layers": [{"kind": "Dense", "units": 10**9}]}, "65536"),
        ({"input_shape": [3], "layers": [dense(activation="exec")]}, "activation"),
        ({"input_shape": [3], "layers": [dense(code="import os")]}, "code"),
        ({"input_shape": [3], "layers": [dense(units="2")]}, "units"),
        ({"input_shape": [3], "layers": [dense(units=True)]}, "units"),
        ({"input_shape": [3], "layers": [dense()] * 65}, "layers"),
        ({"input_shape": [65_536], "layers": [dense(units=65_536)]}, "parameters"),
        ({"input_shape": [256, 256, 64], "layers": [{"kind": "Flatten"}]}, "4,194,304 numbers"),
        ({"input_shape": [500, 400], "layers": [dense(units=600)]}, "about 120,600,000"),
        ({"input_shape": [5000, 1], "layers": [lstm(units=100)]}, "about 204,000,100"),
        ({"input_shape": [0], "layers": [dense()]}, "input_shape"),
        ({"input_shape": [], "layers": [dense()]}, "input_shape"),
        ({"input_shape": [3], "layers": []}, "layers"),
        ({"input_shape": [3], "layers": [{"kind": "LSTM", "units": 2}]}, "needs 2 dimensions"),
        (
            {
                "input_shape": [2, 2, 1],
                "layers": [{"kind": "Conv2D", "filters": 1, "kernel_size": 3}],
            },
            "a window of 3 is larger than 2",
        ),
        ({"layers": [dense()]}, "input_shape"),
        ([], "cannot be used"),
        (None, "cannot be used"),
    ],
)
def test_malformed_architecture_is_refused(value: object, problem: str) -> None:
    """Foreign layers, settings and sizes are refused by name, before anything is built."""
    with pytest.raises(ArchitectureError) as refused:
        build(decode(chain(value)))
    assert problem in refused.value.message
    assert refused.value.tip


def test_many_calls_of_one_layer_add_up() -> None:
    """A layer that is used often has few parameters, and takes long all the same."""
    layer = dense(units=900)
    calls = [{"layer": 0, "inputs": [number]} for number in range(200)]
    value = {"input_shape": [900], "layers": [layer], "calls": calls, "positions": [[0, 1]]}
    architecture = decode(value)
    assert architecture.parameters == 810_900
    assert architecture.operations == 200 * 811_800
    with pytest.raises(ArchitectureError, match="multiplications"):
        build(architecture)


def test_foreign_layer_is_refused_with_the_list_of_allowed_ones() -> None:
    """A Lambda layer is described without its code, and the tip names what may be used."""
    model = keras.Sequential([keras.Input((3,)), L.Lambda(lambda x: x)])
    assert describe(model)["layers"] == [{"kind": "Lambda"}]
    with pytest.raises(ArchitectureError) as refused:
        decode(describe(model))
    assert all(name in refused.value.tip for name in ALLOWED)


def test_own_activation_is_refused() -> None:
    """A function of the student's own never leaves the sandbox."""
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, activation=lambda x: x)])
    with pytest.raises(ArchitectureError, match="activation"):
        decode(describe(model))


@pytest.mark.parametrize(
    ("layer", "setting"),
    [
        (L.Conv1D(2, 3, dilation_rate=2), "dilation_rate"),
        (L.GRU(2, reset_after=False), "reset_after"),
        (L.LSTM(2, go_backwards=True), "go_backwards"),
        (L.ReLU(max_value=6), "max_value"),
    ],
)
def test_setting_that_is_not_rebuilt_is_refused_by_name(layer: Any, setting: str) -> None:
    """A setting that would change the outputs, and is not described, is refused."""
    model = keras.Sequential([keras.Input((20, 6)), layer])
    with pytest.raises(ArchitectureError) as refused:
        decode(describe(model))
    assert f"Layer 1 of the model, {type(layer).__name__}, sets {setting}" in refused.value.message


def test_settings_of_training_are_accepted() -> None:
    """What changes no output of a trained model may be set as a student likes."""
    layers = [
        keras.Input((8, 8, 1)),
        L.Conv2D(2, 3, kernel_initializer="he_normal", kernel_regularizer="l2", name="eyes"),
        L.BatchNormalization(momentum=0.5),
        L.Flatten(),
        L.Dropout(0.2, seed=3),
        L.Dense(2, bias_initializer="ones", activity_regularizer="l1"),
    ]
    model = keras.Sequential(layers)
    again = build(decode(describe(model)))
    assert [w.shape for _, w in again.variables] == [w.shape for w in model.get_weights()]


def test_masked_embedding_is_rebuilt_masked() -> None:
    """An embedding that ignores padding gives the same averages when it is built again."""
    layers = [keras.Input((6,)), L.Embedding(9, 4, mask_zero=True), L.GlobalAveragePooling1D()]
    model = keras.Sequential([*layers, L.Dense(3)])
    again = build(decode(describe(model)))
    again.set_weights(model.get_weights())
    words = np.array([[1, 2, 3, 0, 0, 0], [4, 0, 0, 0, 0, 0]])
    np.testing.assert_array_equal(again.model(words), model(words))


def residual() -> keras.Model:
    """A graph with a branch, a nested model and a layer that is used twice."""
    start = keras.Input((4,))
    shared = L.Dense(4, activation="tanh")
    block = keras.Sequential([keras.Input((4,)), L.Dense(6), L.LeakyReLU(), L.Dense(4)])
    x = L.Add()([start, block(shared(start))])
    x = L.Concatenate()([shared(x), L.Activation("relu")(x), L.GaussianNoise(0.1)(x)])
    return keras.Model(start, L.Dense(2, activation="softmax")(x))


def test_graph_is_rebuilt_with_the_same_outputs() -> None:
    """Branches, nested models and shared layers compute what they did, in any order of weights."""
    model = residual()
    again = build(decode(decode_bytes(encode_bytes(describe(model)))))
    weights = [w + 0.1 * n for n, w in enumerate(model.get_weights())]
    model.set_weights(weights)
    again.set_weights(weights)
    x = np.random.default_rng(0).normal(size=(7, 4)).astype(np.float32)
    np.testing.assert_allclose(again.model(x), model(x), rtol=1e-6)
    assert decode(describe(model)).parameters == model.count_params()


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "number": lambda x: x + 1,
    "two numbers": lambda x: (x - 2) / 3,
    "residual": lambda x: x + L.Dense(4)(x),
    "slice": lambda x: x[:, :2],
    "relu": keras.ops.relu,
    "softmax": lambda x: keras.ops.softmax(x, axis=0),
    "mean": lambda x: keras.ops.mean(x, axis=1, keepdims=True),
    "concatenate": lambda x: keras.ops.concatenate([x, -x], axis=-1),
    "nested": lambda x: keras.Sequential([keras.Input((4,)), L.Dense(4)])(x) * x,
}


@pytest.mark.parametrize("operate", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("is_last", [True, False])
def test_graph_with_operations_is_not_rebuilt(
    operate: Callable[[Any], Any], *, is_last: bool
) -> None:
    """Arithmetic and functions of keras.ops have layers' names and no layer: it must predict."""
    start = keras.Input((4,))
    end = operate(L.Dense(4)(start))
    model = keras.Model(start, end if is_last else L.Dense(2)(end))
    description = describe(model)
    assert description["calls"] == description["positions"] == []
    assert {"kind": "Dense", "units": 4}.items() <= description["layers"][0].items()
    assert description["arrays"] == [list(weight.shape) for weight in model.weights]


class OwnModel(keras.Model):  # type: ignore[misc] # Keras has no types
    """A model whose own code says how its layers are used."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = L.Dense(2)

    def call(self, x: Any) -> Any:
        """Twice the dense layer."""
        return 2 * self.dense(x)


def test_model_with_code_of_its_own_is_not_rebuilt() -> None:
    """Its layers alone do not say what it computes."""
    model = OwnModel()
    model(np.zeros((1, 3), np.float32))
    with pytest.raises(ArchitectureError, match="own code"):
        decode(describe(model))


UNUSUAL = {
    "further arguments": lambda x: L.MultiHeadAttention(2, 4)(x, x),
    "wrapper": L.Bidirectional(L.LSTM(4)),
    "operator": lambda x: x * 2,
    "axis": L.BatchNormalization(axis=1),
    "own activation": L.Dense(2, activation=lambda x: -x),
}


@pytest.mark.parametrize("what", UNUSUAL)
def test_what_cannot_be_rebuilt_exactly_is_refused(what: str) -> None:
    """Further arguments, wrappers, operators, other axes and own functions are refused."""
    start = keras.Input((5, 3))
    with pytest.raises(ArchitectureError):
        decode(describe(keras.Model(start, UNUSUAL[what](start))))


def test_own_activation_is_not_taken_for_the_one_of_its_name() -> None:
    """A function of the student's own may have the name of one of Keras'."""

    def relu(x: Any) -> Any:
        return -x

    model = keras.Sequential([keras.Input((3,)), L.Dense(2, activation=relu)])
    with pytest.raises(ArchitectureError, match="activation"):
        decode(describe(model))
