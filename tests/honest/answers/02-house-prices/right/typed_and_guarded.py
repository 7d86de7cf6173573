# case: typed_and_guarded
# style: type hints, NDArray, guard for constant columns, prediction by calling the model

# %% normalize
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def normalize(x_train: Floats, x_other: Floats) -> tuple[Floats, Floats]:
    """Standardize by the training columns only."""
    if x_train.ndim != 2 or x_other.ndim != 2:
        raise ValueError("features must be two-dimensional")
    mean: Floats = x_train.mean(axis=0, dtype=np.float64)
    std: Floats = x_train.std(axis=0, dtype=np.float64)
    std[std == 0] = 1
    return ((x_train - mean) / std).astype(np.float32), ((x_other - mean) / std).astype(np.float32)


# %% build_model
def build_model(n_features: int, units: int = 32) -> keras.Model:
    """One hidden layer, one output."""
    hidden = keras.layers.Dense(units, activation="relu", kernel_initializer="glorot_uniform")
    output = keras.layers.Dense(1, bias_initializer="zeros")
    return keras.Sequential([keras.Input((n_features,)), hidden, output])


# %% compile_model
def compile_model(model: keras.Model, *, learning_rate: float = 0.01) -> keras.Model:
    """Plain SGD and the mean squared error."""
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=learning_rate),
        loss=keras.losses.MeanSquaredError(),
    )
    return model


# %% train_model
def train_model(
    model: keras.Model, x: Floats, y: Floats, epochs: int = 10, batch_size: int = 16
) -> keras.callbacks.History:
    """Train for all epochs."""
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)


# %% predict_prices
def predict_prices(model: keras.Model, x: Floats) -> Floats:
    """Prices in the currency of the sales."""
    units = keras.ops.convert_to_numpy(model(x, training=False))
    return units[..., 0] * UNIT
