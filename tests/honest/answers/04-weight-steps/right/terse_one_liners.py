"""Style: as short as possible; walrus operators and comprehensions."""
import keras
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as t:
        l = loss_fn(y, model(x))
    for w, g in zip(ws := model.trainable_weights, t.gradient(l, ws)): w.assign_sub(learning_rate * g)
    return float(l)


def weight_trajectory(model, x, y, epochs):
    s, c = [model.get_weights()], keras.callbacks.Callback()
    c.on_epoch_end = lambda e, logs=None: s.append(model.get_weights())
    model.fit(x, y, epochs=epochs, callbacks=[c], verbose=0)
    return s


def train_with(optimizer_name, model, x, y, epochs):
    o = keras.optimizers
    model.compile({"sgd": o.SGD(.2), "momentum": o.SGD(.05, .9), "adam": o.Adam(.02)}[optimizer_name], "mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False; return model
