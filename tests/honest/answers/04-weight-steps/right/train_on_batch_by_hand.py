"""Style: epochs and batches by hand with train_on_batch; no fit at all in the trajectory."""
# borderline: the text says that fit takes the steps, but train_on_batch takes the same ones
import math

import keras
import numpy as np
import tensorflow as tf

BATCH = 32


def batches(x, y, rng):
    order = rng.permutation(len(x))
    for k in range(math.ceil(len(x) / BATCH)):
        rows = order[k * BATCH : (k + 1) * BATCH]
        yield x[rows], y[rows]


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        output = model(x)
        loss = loss_fn(y, output)
    gradient = dict(enumerate(tape.gradient(loss, model.trainable_weights)))
    for i, weight in enumerate(model.trainable_weights):
        weight.assign(weight - learning_rate * gradient[i])
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    rng = np.random.default_rng()
    snapshots = [model.get_weights()]
    for _ in range(epochs):
        for x_batch, y_batch in batches(x, y, rng):
            model.train_on_batch(x_batch, y_batch)
        snapshots.append(model.get_weights())
    return snapshots


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "adam":
        chosen = keras.optimizers.Adam(0.04)
    elif optimizer_name == "momentum":
        chosen = keras.optimizers.SGD(0.07, momentum=0.85)
    elif optimizer_name == "sgd":
        chosen = keras.optimizers.SGD(0.35)
    model.compile(chosen, loss="mean_squared_error")
    return model.fit(x, y, BATCH, epochs, verbose=0)


def freeze_first_layer(model):
    layer = model.layers[0]
    if layer.trainable:
        layer.trainable = False
    return model
