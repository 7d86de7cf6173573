"""Style: Nesterov momentum, and the default learning rates of Keras where they are in the good range."""
# borderline: nesterov=True is a variant of momentum; the text only says "a part of the last step is added"
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        pred = model(x)
        loss = loss_fn(y, pred)
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        if gradient is None:  # a weight that the loss does not depend on
            continue
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


class Trajectory(keras.callbacks.Callback, list):
    """A callback that is itself the list of snapshots."""

    def __init__(self, start):
        keras.callbacks.Callback.__init__(self)
        list.__init__(self, [start])

    def on_epoch_end(self, epoch, logs=None):
        self.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    trajectory = Trajectory(model.get_weights())
    model.fit(x, y, epochs=epochs, callbacks=[trajectory], verbose=0)
    return list(trajectory)


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = "sgd"  # 0.01
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(momentum=0.9, nesterov=True)  # 0.01
    else:
        optimizer = "adam"  # 0.001
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
