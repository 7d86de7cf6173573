"""Style: learning rates that fall during training, within the good range; vectorised flat weights."""
# borderline: a schedule (0.3 down to 0.1 for sgd) instead of one number; all rates are in the good range
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, weights)

    # one long vector of all weights, one step, and back into shape
    flat = np.concatenate([w.numpy().ravel() for w in weights])
    flat_gradient = np.concatenate([g.numpy().ravel() for g in gradients])
    flat = flat - learning_rate * flat_gradient
    ends = np.cumsum([int(np.prod(w.shape)) for w in weights])
    for w, part in zip(weights, np.split(flat, ends[:-1])):
        w.assign(part.reshape(w.shape))
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    record = [model.get_weights()]
    model.fit(
        x, y, epochs=epochs, verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: record.insert(epoch + 1, model.get_weights())
        )],
    )
    return record


def falling(first, last, steps=200):
    return keras.optimizers.schedules.PolynomialDecay(first, steps, last)


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(falling(0.3, 0.1))
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(falling(0.1, 0.02), momentum=0.9)
    elif optimizer_name == "adam":
        optimizer = keras.optimizers.Adam(falling(0.05, 0.01))
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
