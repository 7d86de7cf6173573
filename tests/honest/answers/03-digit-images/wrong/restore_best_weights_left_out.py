"""Mistake: EarlyStopping stops in time, but the model keeps the weights of its last epoch."""
# fails: best_weights_are_kept
# may: accuracy_passes
# says: The model has the weights of its last epoch, not of its best: restore_best_weights=True.
import keras
import numpy as np


# %%
def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Conv2D(16, (3, 3), activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


# %%
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


# %%
def train_model(model, x, y, x_val, y_val):
    early_stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=8)
    return model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[early_stop], verbose=0
    )


# %%
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %%
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
