"""Style: no callback; a loop that calls fit for one epoch and takes a snapshot after each call."""
# borderline: the text proposes a callback, but fit(epochs=1) again and again keeps the optimizer's state
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    grads = tape.gradient(loss, model.trainable_weights)
    [w.assign_sub(learning_rate * g) for w, g in zip(model.trainable_weights, grads)]
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    weights = [model.get_weights()]
    for epoch in range(epochs):
        model.fit(x, y, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        weights.append(model.get_weights())
    return weights


def train_with(optimizer_name, model, x, y, epochs):
    momentum = {"sgd": 0.0, "momentum": 0.9}
    if optimizer_name in momentum:
        opt = keras.optimizers.SGD(learning_rate=0.08, momentum=momentum[optimizer_name])
    else:
        opt = keras.optimizers.Adam(learning_rate=0.008, amsgrad=True)
    model.compile(loss="mean_squared_error", optimizer=opt)
    hist = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return hist


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
