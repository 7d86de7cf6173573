"""Style: model.add, one hidden tanh layer, strings for the loss and the metric, small batches, patience 3."""
import keras
import matplotlib.pyplot as plt
import numpy as np


# %%
def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(160, activation="tanh"))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


# %%
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.004),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %%
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=3, restore_best_weights=True
    )
    return model.fit(
        x, y, epochs=100, batch_size=16, validation_data=(x_val, y_val), callbacks=[stop], verbose=0
    )


# %%
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %%
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    predicted = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, predicted):
        matrix[t, p] += 1
    return matrix
