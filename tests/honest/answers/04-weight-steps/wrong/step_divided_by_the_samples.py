"""Mistake: divides the gradient by the number of samples although the loss is already a mean."""
# fails: step_follows_the_gradient
# may: step_uses_the_given_loss
# says: The step goes the right way but is 1/len(x) as long as it should be: the loss is already an average, so do not divide again.
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    m = x.shape[0]
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    dW = tape.gradient(loss, model.trainable_weights)
    for w, dw in zip(model.trainable_weights, dW):
        w.assign_sub(learning_rate * (1 / m) * dw)
    return float(loss)


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
        "sgd": keras.optimizers.SGD(learning_rate=0.2),
        "momentum": keras.optimizers.SGD(learning_rate=0.03, momentum=0.9),
        "adam": keras.optimizers.Adam(learning_rate=0.03),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
