"""Style: an endless generator of shuffled batches with steps_per_epoch; SGD from a config."""
import keras
import numpy as np

UNIT = 10_000
SIZE = 32


def normalize(x_train, x_other):
    """Scale features by the mean and the standard deviation of each training column."""
    scaled_train = np.zeros_like(x_train)
    scaled_other = np.zeros_like(x_other)
    for j in range(x_train.shape[1]):
        m = np.mean(x_train[:, j])
        s = np.std(x_train[:, j])
        scaled_train[:, j] = (x_train[:, j] - m) / s
        scaled_other[:, j] = (x_other[:, j] - m) / s
    return scaled_train, scaled_other


def build_model(n_features):
    """Build a network that turns the features of a house into one number."""
    return keras.Sequential.from_config(
        keras.Sequential(
            [
                keras.Input((n_features,)),
                keras.layers.Dense(64, activation="gelu"),
                keras.layers.Dense(1),
            ]
        ).get_config()
    )


def compile_model(model):
    """Set how the model learns prices."""
    config = {"class_name": "SGD", "config": {"learning_rate": 0.01}}
    model.compile(optimizer=keras.optimizers.get(config), loss=["mean_squared_error"])
    return model


def shuffled(x, y):
    rng = np.random.default_rng(0)
    while True:
        order = rng.permutation(len(x))
        for part in np.array_split(order, max(1, len(x) // SIZE)):
            yield x[part], y[part]


def train_model(model, x, y, epochs=10):
    """Train a compiled model."""
    steps = max(1, len(x) // SIZE)
    return model.fit(shuffled(x, y), steps_per_epoch=steps, epochs=epochs, verbose=0)


def predict_prices(model, x):
    """Say what houses are worth."""
    y_hat = model.predict(x, verbose=0)
    assert y_hat.shape == (len(x), 1)
    return y_hat[:, -1] * UNIT
