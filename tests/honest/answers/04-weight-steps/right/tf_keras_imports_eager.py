"""Style: `from tensorflow import keras`, run_eagerly=True, tf.Variable idioms, long names."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.callbacks import Callback
from tensorflow.keras.optimizers import SGD, Adam


def gradient_step(model, loss_fn, x, y, learning_rate):
    rate = tf.constant(learning_rate, dtype=tf.float32)
    trainable_weights = model.trainable_weights
    with tf.GradientTape() as tape:
        predicted_sweetness = model(x)
        loss_before_the_step = loss_fn(y, predicted_sweetness)
    gradients = tape.gradient(target=loss_before_the_step, sources=trainable_weights)
    for (weight, gradient) in zip(trainable_weights, gradients):
        weight.assign_sub(tf.multiply(rate, gradient))
    return loss_before_the_step.numpy().astype(float).item()


class Watch(Callback):
    def on_train_begin(self, logs=None):
        self.snapshots = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs=None):
        self.snapshots.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    watch = Watch()
    model.fit(x, y, epochs=epochs, callbacks=[watch], verbose=0)
    assert len(watch.snapshots) == epochs + 1
    return watch.snapshots


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        opt = SGD(learning_rate=0.3)
    elif optimizer_name == "momentum":
        opt = SGD(learning_rate=0.05, momentum=0.9)
    elif optimizer_name == "adam":
        opt = Adam(learning_rate=0.05)
    else:
        raise KeyError(optimizer_name)
    model.compile(optimizer=opt, loss="mean_squared_error", run_eagerly=True)
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
