"""Mistake: train_model builds and compiles a fresh model, trains that one, and leaves the given one untouched."""
# fails: every_weight_changes, best_weights_are_kept, accuracy_passes
# may: history_shows_validation, loss_goes_down, overfitting_is_seen
# says: The given model did not change: you train another one that you build inside. Call fit on the argument `model`.
import numpy as np
import tensorflow as tf
from tensorflow import keras


# %%
def build_model(image_shape, n_classes):
    inputs = keras.Input(shape=image_shape)
    hidden = keras.layers.Flatten()(inputs)
    hidden = keras.layers.Dense(128, activation="relu")(hidden)
    outputs = keras.layers.Dense(n_classes, activation="softmax")(hidden)
    return keras.Model(inputs, outputs)


# %%
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


# %%
def train_model(model, x, y, x_val, y_val):
    model = build_model(x.shape[1:], 10)
    model = compile_model(model)
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    history = model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )
    return history


# %%
def best_epoch(history):
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1


# %%
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
