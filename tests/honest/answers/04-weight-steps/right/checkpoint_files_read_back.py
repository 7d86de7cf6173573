"""Style: ModelCheckpoint writes a file after each epoch; a clone reads them back as snapshots."""
import pathlib
import tempfile

import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    trainable = model.trainable_weights
    with tf.GradientTape() as tape:
        tape.watch([w.value for w in trainable])
        prediction = model(x)
        loss = loss_fn(y, prediction)
    for w, dw in zip(trainable, tape.gradient(loss, trainable)):
        w.assign_sub(dw * learning_rate)
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    reader = keras.models.clone_model(model)
    trajectory = [model.get_weights()]
    with tempfile.TemporaryDirectory() as folder:
        pattern = str(pathlib.Path(folder) / "{epoch:05d}.weights.h5")
        saver = keras.callbacks.ModelCheckpoint(pattern, save_weights_only=True, save_freq="epoch")
        model.fit(x, y, epochs=epochs, callbacks=[saver], verbose=0)
        for path in sorted(pathlib.Path(folder).glob("*.weights.h5")):
            reader.load_weights(path)
            trajectory.append(reader.get_weights())
    return trajectory


def train_with(optimizer_name, model, x, y, epochs):
    optimizer = {
        "sgd": keras.optimizers.SGD(learning_rate=0.4),
        "momentum": keras.optimizers.SGD(learning_rate=0.05, momentum=0.95),
        "adam": keras.optimizers.Adam(learning_rate=0.03, epsilon=1e-6),
    }.get(optimizer_name)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])


def freeze_first_layer(model):
    model.layers[0].trainable = False
    model.summary(print_fn=lambda *args, **kwargs: None)
    return model
