"""Style: everything comes from tf.data datasets; the callback is a closure made by a factory."""
import keras
import numpy as np
import tensorflow as tf


def as_dataset(x, y, batch_size=32):
    data = tf.data.Dataset.from_tensor_slices((x, y))
    return data.shuffle(len(x), reshuffle_each_iteration=True).batch(batch_size).prefetch(1)


def gradient_step(model, loss_fn, x, y, learning_rate):
    # one batch with all samples
    (features, truth), = tf.data.Dataset.from_tensors((x, y))
    with tf.GradientTape() as tape:
        loss = loss_fn(truth, model(features))
    grads_and_weights = zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    for gradient, weight in grads_and_weights:
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


def snapshot_callback(store):
    class Snapshot(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            store.append(self.model.get_weights())

    return Snapshot()


def weight_trajectory(model, x, y, epochs):
    store = [model.get_weights()]
    model.fit(as_dataset(x, y), epochs=epochs, callbacks=[snapshot_callback(store)], verbose=0)
    return store


def train_with(optimizer_name, model, x, y, epochs):
    optimizers = dict(
        sgd=keras.optimizers.SGD(0.1),
        momentum=keras.optimizers.SGD(0.03, momentum=0.9),
        adam=keras.optimizers.Adam(0.03),
    )
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit(as_dataset(x, y, 64), epochs=epochs, verbose=0)


def freeze_first_layer(model):
    frozen = model.layers[:1]
    for layer in frozen:
        layer.trainable = False
    return model
