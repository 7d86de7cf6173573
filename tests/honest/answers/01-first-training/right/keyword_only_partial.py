# case: keyword_only_partial
# style: functools.partial, keyword arguments only, numpy.typing hints, SGD with Nesterov momentum

# %% compile_model
from functools import partial

sgd = partial(keras.optimizers.SGD, momentum=0.9, nesterov=True)


def compile_model(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=sgd(learning_rate=0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
from functools import partial

import numpy.typing as npt


def train_model(
    model: keras.Model,
    x: npt.NDArray[np.float32],
    y: npt.NDArray[np.int64],
    epochs: int = 5,
) -> keras.callbacks.History:
    quiet_fit = partial(model.fit, verbose=0, batch_size=32)
    return quiet_fit(x=x, y=y, epochs=epochs)

# %% first_layer_weights
import numpy.typing as npt


def first_layer_weights(model: keras.Model) -> npt.NDArray[np.float32]:
    for layer in model.layers:
        if not layer.weights:
            continue
        kernel_variable, *_ = layer.weights
        return np.array(kernel_variable.numpy())
    raise LookupError("no layer of this model has weights")

# %% weight_change
from functools import partial

import numpy.typing as npt


def weight_change(
    before: list[npt.NDArray[np.float32]], after: list[npt.NDArray[np.float32]]
) -> list[float]:
    largest = partial(np.max, initial=0.0)
    return [float(largest(np.abs(new - old))) for old, new in zip(before, after)]
