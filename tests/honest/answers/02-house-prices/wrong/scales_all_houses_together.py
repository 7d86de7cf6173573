"""Mistake: mean and deviation of training and other houses together (scaling before the split)."""
# fails: normalize_does_not_leak
# may: normalize_scales_training
# says: mean and deviation depend on the other houses, too: a leak; compute them from x_train alone
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    x_all = np.concatenate([x_train, x_other], axis=0)
    mean = x_all.mean(axis=0)
    std = x_all.std(axis=0)
    x_all = (x_all - mean) / std
    return x_all[: len(x_train)], x_all[len(x_train) :]


def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mean_squared_error")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
