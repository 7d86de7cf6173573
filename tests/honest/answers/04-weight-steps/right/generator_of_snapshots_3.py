"""Style: a generator yields the snapshots; optimizers from configs with keras.optimizers.deserialize."""
# borderline: the generator calls fit once for each epoch instead of using a callback
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    tape = tf.GradientTape()
    with tape:
        loss = loss_fn(y, model(x))
    direction = tape.gradient(loss, model.trainable_weights)
    while direction:
        g = direction.pop()
        model.trainable_weights[len(direction)].assign_sub(learning_rate * g)
    return float(loss)


def snapshots(model, x, y, epochs):
    yield model.get_weights()
    for _ in range(epochs):
        model.fit(x, y, epochs=1, verbose=0)
        yield model.get_weights()


def weight_trajectory(model, x, y, epochs):
    return list(snapshots(model, x, y, epochs))


CONFIGS = {
    "sgd": {"class_name": "sgd", "config": {"learning_rate": 0.2}},
    "momentum": {"class_name": "sgd", "config": {"learning_rate": 0.05, "momentum": 0.9}},
    "adam": {"class_name": "adam", "config": {"learning_rate": 0.01}},
}


def train_with(optimizer_name, model, x, y, epochs):
    model.compile(
        optimizer=keras.optimizers.deserialize(CONFIGS[optimizer_name]),
        loss=keras.losses.MeanSquaredError(name="mse"),
    )
    return model.fit(x, y, epochs=epochs, batch_size=10, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
