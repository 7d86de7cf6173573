"""Answers to each assignment that differ in what its text leaves free.

An answer is a choice for each slot: an optimizer, a batch size, a layer in between. The first
choice of a slot is the usual one. Functions without a slot are the solution's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random

from tools.styles.choices import (
    BATCHES,
    BETWEEN,
    CALLBACKS,
    OTHER,
    PENALTIES,
    VALIDATION,
    activations,
    at_rates,
    first,
    initializers,
    optimizer_classes,
    optimizers,
)

Chosen = Mapping[str, str]
Answers = dict[str, str]


@dataclasses.dataclass(frozen=True)
class Style:
    """One answer to an assignment.

    Attributes:
        name: The choices that are not the usual ones.
        answers: Source of the functions that differ from the solution's, by their cells.
    """

    name: str
    answers: Answers


@dataclasses.dataclass(frozen=True)
class Freedom:
    """What an assignment's text leaves free.

    Attributes:
        slots: The choices of each slot, the usual one first.
        write: Writes the functions for one choice of each slot.
    """

    slots: Mapping[str, Sequence[str]]
    write: Callable[[Chosen], Answers]

    def alone(self) -> Iterator[Style]:
        """Every choice by itself, with the usual one in every other slot."""
        usual = {slot: choices[0] for slot, choices in self.slots.items()}
        yield Style("usual", self.write(usual))
        for slot, choices in self.slots.items():
            for choice in choices[1:]:
                yield Style(f"{slot}: {choice or 'none'}", self.write({**usual, slot: choice}))

    def mixed(self, count: int, seed: int = 0) -> Iterator[Style]:
        """Combinations of choices, each of them drawn."""
        random = Random(seed)  # noqa: S311 - not for secrets
        for _ in range(count):
            chosen = {slot: random.choice(choices) for slot, choices in self.slots.items()}
            yield Style(_joined(chosen.values(), "; "), self.write(chosen))


def _joined(parts: Iterable[str], separator: str = ", ") -> str:
    return separator.join(part for part in parts if part)


def _compile(optimizer: str, loss: str = "sparse_categorical_crossentropy") -> str:
    metrics = '["mae"]' if loss == "mse" else '["accuracy"]'
    return f"""def compile_model(model):
    model.compile(optimizer={optimizer}, loss="{loss}", metrics={metrics})
    return model
"""


def _fit(chosen: Chosen) -> str:
    callbacks = f"callbacks=[{chosen['callback']}]"
    others = (chosen[slot] for slot in ("batch", "validation", "other"))
    arguments = _joined(["x", "y", "epochs=epochs", callbacks, *others])
    return f"""def train_model(model, x, y, epochs=5):
    return model.fit({arguments})
"""


def _build(arguments: str, *layers: str) -> str:
    lines = "".join(f"        {layer},\n" for layer in layers if layer)
    return f"""def build_model({arguments}):
    return keras.Sequential([
{lines}    ])
"""


def _dense(chosen: Chosen) -> str:
    options = _joined(chosen[slot] for slot in ("initializer", "penalty"))
    activation = f'activation="{chosen["activation"]}"'
    return f"keras.layers.Dense({_joined([chosen['units'], activation, options])})"


def _output(classes: str) -> str:
    return f'keras.layers.Dense({classes}, activation="softmax")'


def _first_training(chosen: Chosen) -> Answers:
    return {"compile_model": _compile(chosen["optimizer"]), "train_model": _fit(chosen)}


def _house_prices(chosen: Chosen) -> Answers:
    layers = chosen["before"], _dense(chosen), chosen["between"], "keras.layers.Dense(1)"
    return {
        "build_model": _build("n_features", "keras.Input((n_features,))", *layers),
        "compile_model": _compile(chosen["optimizer"], "mse"),
        "train_model": _fit(chosen),
    }


def _digit_images(chosen: Chosen) -> Answers:
    layers = (
        chosen["before"],
        "keras.layers.Flatten()",
        _dense(chosen),
        chosen["between"],
        _output("n_classes"),
    )
    arguments = _joined(["x", "y", "validation_data=(x_val, y_val)", "epochs=100", chosen["batch"]])
    return {
        "build_model": _build("image_shape, n_classes", "keras.Input(image_shape)", *layers),
        "compile_model": _compile(chosen["optimizer"]),
        "train_model": f"""def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience={chosen["patience"]}, restore_best_weights=True
    )
    return model.fit({arguments}, callbacks=[stop])
""",
    }


def _weight_steps(chosen: Chosen) -> Answers:
    arguments = _joined(["x", "y", "epochs=epochs", chosen["batch"], chosen["other"]])
    names = ("sgd", "momentum", "adam")
    optimizers_of = "".join(f'        "{name}": {chosen[name]},\n' for name in names)
    return {
        "train_with": f"""def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {{
{optimizers_of}    }}
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit({arguments})
"""
    }


def _chatbot_intents(chosen: Chosen) -> Answers:
    layers = (
        f"keras.layers.Embedding(vocabulary_size, {chosen['width']})",
        chosen["before"],
        chosen["pooling"],
        _dense(chosen) if chosen["units"] else "",
        chosen["between"],
        _output("n_intents"),
    )
    start = "keras.Input((SENTENCE_LENGTH,))"
    return {
        "build_model": _build("vocabulary_size, n_intents", start, *layers),
        "compile_model": _compile(chosen["optimizer"]),
        "train_model": _fit(chosen),
    }


def _spoken_words(chosen: Chosen) -> Answers:
    layers = chosen["before"], chosen["body"], chosen["between"], _output("n_words")
    start = "keras.Input((frames, mel_bins))"
    return {
        "build_model": _build("frames, mel_bins, n_words", start, *layers),
        "compile_model": _compile(chosen["optimizer"]),
        "train_model": _fit(chosen),
    }


def _training() -> dict[str, Sequence[str]]:
    return {
        "batch": BATCHES,
        "callback": CALLBACKS,
        "validation": VALIDATION,
        "other": OTHER,
    }


def _hidden(units: Sequence[str]) -> dict[str, Sequence[str]]:
    return {
        "before": BETWEEN,
        "units": units,
        "activation": activations(),
        "initializer": initializers(),
        "penalty": PENALTIES,
        "between": BETWEEN,
    }


def _sgd() -> list[str]:
    patterns = [
        "keras.optimizers.SGD({rate})",
        "keras.optimizers.SGD({rate}, momentum=0.9)",
        "keras.optimizers.SGD({rate}, momentum=0.9, nesterov=True)",
    ]
    return ['"sgd"', *at_rates((0.01, 0.02, 0.005), patterns)]


def _adam() -> list[str]:
    names = [name for name in optimizer_classes() if "ada" in name.lower() and "am" in name.lower()]
    patterns = [f"keras.optimizers.{name}({{rate}})" for name in first("Adam", names)]
    return at_rates((0.02, 0.01, 0.001), patterns)


_POOLING = (
    "keras.layers.GlobalAveragePooling1D()",
    "keras.layers.GlobalMaxPooling1D()",
    "keras.layers.Flatten()",
    "keras.layers.Conv1D(32, 3), keras.layers.GlobalMaxPooling1D()",
    'keras.layers.Conv1D(32, 3, activation="relu"), keras.layers.GlobalAveragePooling1D()',
    "keras.layers.LSTM(32)",
)
_CONVOLUTION = 'keras.layers.Conv1D(32, 5, activation="relu")'
_STRONGEST = "keras.layers.GlobalMaxPooling1D()"
_BODIES = (
    f"{_CONVOLUTION}, keras.layers.MaxPooling1D(2), {_CONVOLUTION}, {_STRONGEST}",
    'keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")',
    'keras.layers.Flatten(), keras.layers.Dense(128, activation="tanh")',
    'keras.layers.Flatten(), keras.layers.Dense(64, activation="sigmoid")',
    f"{_CONVOLUTION}, {_STRONGEST}",
    f"{_CONVOLUTION}, keras.layers.GlobalAveragePooling1D()",
    f"{_CONVOLUTION}, keras.layers.BatchNormalization(), {_STRONGEST}",
    "keras.layers.LSTM(32)",
    "keras.layers.GRU(32)",
)
_NAMES = [f"keras.optimizers.{name}(0.01)" for name in optimizer_classes()]

FREEDOMS = {
    "01-first-training": Freedom(
        {"optimizer": first('"adam"', optimizers()), **_training()}, _first_training
    ),
    "02-house-prices": Freedom(
        {"optimizer": _sgd(), **_training(), **_hidden(("16", "8", "32", "64"))}, _house_prices
    ),
    "03-digit-images": Freedom(
        {
            "optimizer": _adam(),
            "batch": BATCHES,
            "patience": ("5", "3", "10"),
            **_hidden(("64", "32", "128", "256")),
        },
        _digit_images,
    ),
    "04-weight-steps": Freedom(
        {
            "sgd": at_rates((0.05, 0.01, 0.1, 0.5), ["keras.optimizers.SGD({rate})"])[:4],
            "momentum": at_rates((0.05, 0.01, 0.1), ["keras.optimizers.SGD({rate}, momentum=0.9)"])[
                :3
            ],
            "adam": at_rates((0.01, 0.001, 0.05), ["keras.optimizers.Adam({rate})"])[:3],
            "batch": BATCHES,
            "other": OTHER,
        },
        _weight_steps,
    ),
    "05-chatbot-intents": Freedom(
        {
            "optimizer": first("keras.optimizers.Adam(0.01)", [*_NAMES, *optimizers()]),
            "width": ("16", "8", "32", "64"),
            "pooling": _POOLING,
            **_training(),
            **_hidden(("", "16", "32", "64")),
        },
        _chatbot_intents,
    ),
    "06-spoken-words": Freedom(
        {
            "optimizer": first('"adam"', optimizers()),
            "body": _BODIES,
            "before": BETWEEN,
            "between": BETWEEN,
            **_training(),
        },
        _spoken_words,
    ),
}
"""What each assignment of this course leaves free."""
