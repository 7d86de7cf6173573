"""Style: NumPy arithmetic after the tape; snapshots as np.array copies; a for loop with index."""
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        y_hat = model(tf.convert_to_tensor(x))
        L = loss_fn(tf.convert_to_tensor(y), y_hat)

    gradients = tape.gradient(L, model.trainable_weights)

    for i in range(len(gradients)):
        old = np.array(model.trainable_weights[i])
        grad = np.array(gradients[i])
        new = old - learning_rate * grad
        model.trainable_weights[i].assign(new)

    return float(np.array(L))


class Camera(keras.callbacks.Callback):
    def __init__(self, model):
        super().__init__()
        self.film = []
        self.click(model)

    def click(self, model):
        self.film.append([np.array(array) for array in model.get_weights()])

    def on_epoch_end(self, epoch, logs=None):
        self.click(self.model)


def weight_trajectory(model, x, y, epochs):
    camera = Camera(model)
    model.fit(x, y, epochs=epochs, callbacks=[camera], verbose=0)
    return camera.film


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name not in ("sgd", "momentum", "adam"):
        raise ValueError("optimizer_name must be sgd, momentum or adam")
    if optimizer_name == "sgd":
        model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mean_squared_error")
    if optimizer_name == "momentum":
        model.compile(
            optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mean_squared_error"
        )
    if optimizer_name == "adam":
        model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    layers = model.layers
    layers[0].trainable = False
    for layer in layers[1:]:
        assert layer.trainable
    return model
