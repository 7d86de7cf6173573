"""Style: convolutions and GlobalMaxPooling instead of Flatten; epochs 70; loop with while in best_epoch."""
import keras
import numpy as np


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Conv2D(32, 3, activation="relu", padding="same"),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(
        keras.optimizers.Adam(0.003),
        keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    return model.fit(
        x,
        y,
        batch_size=32,
        epochs=70,
        verbose=0,
        validation_data=(x_val, y_val),
        callbacks=[
            keras.callbacks.EarlyStopping(
                monitor="val_loss", patience=9, restore_best_weights=True
            )
        ],
    )


def best_epoch(history):
    losses = history.history["val_loss"]
    best = 0
    i = 1
    while i < len(losses):
        if losses[i] < losses[best]:
            best = i
        i += 1
    return best + 1


def confusion_matrix(model, x, y):
    size = model.output_shape[-1]
    table = np.zeros((size, size), dtype=np.int32)
    for image_probabilities, true_class in zip(model.predict(x, verbose=0), y):
        table[true_class, image_probabilities.argmax()] += 1
    return table
