"""Mistake: the shape (8, 8, 1) and the 10 classes are written into the function, the arguments are not used."""
# fails: build_model_fits
# says: For images of another shape or another number of classes, the model still has (8, 8, 1) and 10. Use image_shape and n_classes.
import keras
import numpy as np


# %%
def build_model(image_shape, n_classes):
    model = keras.models.Sequential([
        keras.Input(shape=(8, 8, 1)),
        keras.layers.Conv2D(32, (3, 3), activation="relu"),
        keras.layers.MaxPooling2D((2, 2)),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    return model


# %%
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


# %%
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
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
