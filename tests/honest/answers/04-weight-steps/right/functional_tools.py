# case: functional_tools
# style: functools.partial, itertools.accumulate, map and operator instead of loops and classes

# %% gradient_step
from collections import deque


def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    move = lambda weight, gradient: weight.assign_sub(learning_rate * gradient)
    deque(map(move, weights, tape.gradient(loss, weights)), maxlen=0)
    return float(loss)

# %% weight_trajectory
import itertools


def weight_trajectory(model, x, y, epochs):
    def after_one_more_epoch(_snapshot, _epoch):
        model.fit(x, y, epochs=1, verbose=0)
        return model.get_weights()

    return list(
        itertools.accumulate(range(epochs), after_one_more_epoch, initial=model.get_weights())
    )

# %% train_with
from functools import partial

OPTIMIZERS = {
    "sgd": partial(keras.optimizers.SGD, learning_rate=0.1),
    "momentum": partial(keras.optimizers.SGD, learning_rate=0.05, momentum=0.9),
    "adam": partial(keras.optimizers.Adam, learning_rate=0.01),
}


def train_with(optimizer_name, model, x, y, epochs):
    fit = partial(model.fit, x, y, verbose=0)
    model.compile(optimizer=OPTIMIZERS[optimizer_name](), loss="mean_squared_error")
    return fit(epochs=epochs)

# %% freeze_first_layer
import itertools


def freeze_first_layer(model):
    for layer, trainable in zip(model.layers, itertools.chain([False], itertools.repeat(True))):
        layer.trainable = trainable
    return model
