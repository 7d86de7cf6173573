"""Style: an endless Python generator of random batches with steps_per_epoch."""
import keras
import numpy as np


def batches(x, y, size):
    while True:
        order = np.random.permutation(len(x))
        for start in range(0, len(x), size):
            part = order[start : start + size]
            yield x[part], y[part]


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adamax(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=("accuracy",),
    )
    return model


def train_model(model, x, y, epochs=5):
    size = 20
    steps = -(-len(x) // size)
    return model.fit(batches(x, y, size), steps_per_epoch=steps, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if not layer.weights:
            continue
        return layer.weights[0].numpy().copy()


def weight_change(before, after):
    changes = []
    for old, new in zip(before, after):
        biggest = 0.0
        for value in np.nditer(new - old):
            biggest = max(biggest, abs(float(value)))
        changes.append(biggest)
    return changes
