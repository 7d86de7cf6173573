"""Mistake: mode="max", copied from an example with val_accuracy: the highest loss counts as the best."""
# fails: best_weights_are_kept, overfitting_is_seen
# may: accuracy_passes, loss_goes_down
# says: The model went back to the epoch with the highest validation loss, and stopped while the loss was still falling: a loss is best when it is low (mode="min").
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
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %%
def train_model(model, x, y, x_val, y_val):
    early_stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", mode="max", patience=5, restore_best_weights=True, verbose=0
    )
    history = model.fit(
        x, y, epochs=100, batch_size=32, validation_data=(x_val, y_val), callbacks=[early_stop], verbose=0
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
