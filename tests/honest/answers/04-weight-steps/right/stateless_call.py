"""Style: functional, as in JAX: stateless_call on copies of the weights, then assign the new values."""
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    moving = [tf.identity(v.value) for v in model.trainable_variables]
    still = [tf.identity(v.value) for v in model.non_trainable_variables]

    with tf.GradientTape() as tape:
        tape.watch(moving)
        y_pred, _ = model.stateless_call(moving, still, x)
        loss = loss_fn(y, y_pred)
    gradients = tape.gradient(loss, moving)

    new = [w - learning_rate * g for w, g in zip(moving, gradients)]
    for variable, value in zip(model.trainable_variables, new):
        variable.assign(value)
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    trajectory = [None] * (epochs + 1)
    trajectory[0] = model.get_weights()

    class Fill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            trajectory[epoch + 1] = self.model.get_weights()

    model.fit(x, y, epochs=epochs, callbacks=[Fill()], verbose=0)
    return trajectory


def train_with(optimizer_name, model, x, y, epochs):
    settings = {
        "sgd": ("SGD", {"learning_rate": 0.25}),
        "momentum": ("SGD", {"learning_rate": 0.04, "momentum": 0.9}),
        "adam": ("Adam", {"learning_rate": 0.015}),
    }
    class_name, config = settings[optimizer_name]
    optimizer = keras.optimizers.get({"class_name": class_name, "config": config})
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    first_layer = next(iter(model.layers))
    first_layer.trainable = False
    return model
