"""Style: watch_accessed_variables=False with explicit watch; keras.ops; a list of callbacks from a helper."""
import keras
import tensorflow as tf
from keras import ops


def _loss_and_gradients(model, loss_fn, x, y):
    variables = [w.value for w in model.trainable_weights]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for v in variables:
            tape.watch(v)
        value = loss_fn(y, model(x))
    return value, tape.gradient(value, variables)


def gradient_step(model, loss_fn, x, y, learning_rate):
    value, gradients = _loss_and_gradients(model, loss_fn, x, y)
    for w, g in zip(model.trainable_weights, gradients):
        w.assign(ops.subtract(w, ops.multiply(learning_rate, g)))
    return float(ops.convert_to_numpy(value))


def weight_trajectory(model, x, y, epochs):
    def snapshot():
        return [ops.convert_to_numpy(w).copy() for w in model.weights]

    shots = [snapshot()]
    model.fit(
        x,
        y,
        epochs=epochs,
        verbose=0,
        shuffle=False,
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=lambda *args: shots.append(snapshot()))
        ],
    )
    return shots


def train_with(optimizer_name, model, x, y, epochs):
    make = {
        "sgd": lambda: keras.optimizers.SGD(0.05),
        "momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.9),
        "adam": lambda: keras.optimizers.Adam(0.005),
    }[optimizer_name]
    model.compile(optimizer=make(), loss=keras.losses.mean_squared_error)
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)


def freeze_first_layer(model):
    model.get_layer(index=0).trainable = False
    return model
