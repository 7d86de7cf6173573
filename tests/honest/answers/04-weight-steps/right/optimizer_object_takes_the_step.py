"""Style: lets a fresh keras SGD object apply the gradients; a subclassed callback with on_train_begin."""
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    """One step of plain gradient descent, done by an optimizer that has no memory."""
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate)
    with tf.GradientTape() as tape:
        y_pred = model(x, training=True)
        loss = loss_fn(y, y_pred)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss.numpy().item()


class WeightHistory(keras.callbacks.Callback):
    def __init__(self):
        super(WeightHistory, self).__init__()
        self.history_of_weights = []

    def on_train_begin(self, logs={}):
        self.history_of_weights.append(self.model.get_weights())

    def on_epoch_end(self, epoch, logs={}):
        self.history_of_weights.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    watcher = WeightHistory()
    model.fit(x, y, epochs=epochs, callbacks=[watcher], verbose=0)
    return watcher.history_of_weights


def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(learning_rate=0.2),
        "momentum": keras.optimizers.SGD(learning_rate=0.02, momentum=0.9),
        "adam": keras.optimizers.Adam(learning_rate=0.01),
    }
    model.compile(
        optimizer=optimizers[optimizer_name],
        loss=keras.losses.MeanSquaredError(),
        metrics=["mae"],
    )
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history


def freeze_first_layer(model):
    first, *others = model.layers
    first.trainable = False
    return model
