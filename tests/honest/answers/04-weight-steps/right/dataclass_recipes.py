"""Style: dataclasses for the optimizer recipes; tf.nest.map_structure; a tuple-free snapshot list."""
from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf


@dataclass(frozen=True)
class Recipe:
    kind: type
    options: dict = field(default_factory=dict)

    def cook(self):
        return self.kind(**self.options)


RECIPES = {
    "sgd": Recipe(keras.optimizers.SGD, dict(learning_rate=0.15)),
    "momentum": Recipe(keras.optimizers.SGD, dict(learning_rate=0.06, momentum=0.9)),
    "adam": Recipe(keras.optimizers.Adam, dict(learning_rate=0.025, beta_1=0.8)),
}


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    scaled = tf.nest.map_structure(lambda g: learning_rate * g, gradients)
    for w, s in zip(model.trainable_weights, scaled):
        w.assign_sub(s)
    return float(loss)


@dataclass
class Diary:
    pages: list = field(default_factory=list)

    def write(self, model):
        self.pages.append(model.get_weights())


def weight_trajectory(model, x, y, epochs):
    diary = Diary()
    diary.write(model)
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: diary.write(model))
    model.fit(x, y, epochs=epochs, callbacks=callback, verbose=0)
    return diary.pages


def train_with(optimizer_name, model, x, y, epochs):
    model.compile(optimizer=RECIPES[optimizer_name].cook(), loss="mean_squared_error")
    return model.fit(x=x, y=y, epochs=epochs, batch_size=32, shuffle=True, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
