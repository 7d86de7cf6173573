"""Mistake: the "momentum" optimizer is SGD with a smaller rate, but without momentum=0.9."""
# fails: momentum_remembers
# says: For "momentum", no part of the last step is added. Pass momentum=0.9 to keras.optimizers.SGD.
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, weights)
    for i in range(len(weights)):
        weights[i].assign(weights[i] - learning_rate * gradients[i])
    return loss.numpy().item()


class WeightHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.weights = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs={}):
        self.weights.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    weight_history = WeightHistory()
    model.fit(x, y, epochs=epochs, callbacks=[weight_history], verbose=0)
    return weight_history.weights


def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(learning_rate=0.1),
        "momentum": keras.optimizers.SGD(learning_rate=0.05),
        "adam": keras.optimizers.Adam(learning_rate=0.02),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
