"""Mistake: joins the validation images to the training images "to have more data"."""
# fails: validation_is_not_learned
# may: overfitting_is_seen, best_weights_are_kept
# says: The model learns from the validation images: fit(x, y) must get the training images only.
import keras
import matplotlib.pyplot as plt
import numpy as np


# %%
def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %%
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


# %%
def train_model(model, x, y, x_val, y_val):
    x_all = np.concatenate([x, x_val])
    y_all = np.concatenate([y, y_val])
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    return model.fit(
        x_all, y_all, epochs=100, validation_data=(x_val, y_val), callbacks=[stop], verbose=0
    )


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
