"""Style: one Conv2D and max pooling before Flatten; loss and metric as objects; np.add.at."""
import keras
import numpy as np
from keras import layers


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="digit_reader",
    )


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01, beta_1=0.85, amsgrad=True),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    callbacks = [
        keras.callbacks.EarlyStopping(
            monitor="val_loss", mode="min", patience=6, restore_best_weights=True, verbose=0
        )
    ]
    history = model.fit(
        x,
        y,
        epochs=80,
        validation_data=(x_val, y_val),
        callbacks=callbacks,
        verbose=0,
    )
    return history


def best_epoch(history):
    losses = history.history["val_loss"]
    return losses.index(min(losses)) + 1


def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=-1)
    counts = np.zeros((n, n), dtype=np.int64)
    np.add.at(counts, (y, y_pred), 1)
    return counts
