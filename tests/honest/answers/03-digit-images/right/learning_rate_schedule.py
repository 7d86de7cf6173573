"""Style: Adam with an ExponentialDecay schedule and clipnorm; constants at the top; np.histogram2d."""
import keras
import numpy as np

HIDDEN_UNITS = 72
FIRST_RATE = 0.03
BATCH_SIZE = 30
MOST_EPOCHS = 60
PATIENCE = 12


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(HIDDEN_UNITS, activation="leaky_relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=FIRST_RATE, decay_steps=100, decay_rate=0.9
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=schedule, clipnorm=1.0),
        loss=keras.losses.get("sparse_categorical_crossentropy"),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    stop_early = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=PATIENCE, restore_best_weights=True
    )
    return model.fit(
        x,
        y,
        batch_size=BATCH_SIZE,
        epochs=MOST_EPOCHS,
        callbacks=[stop_early, keras.callbacks.TerminateOnNaN()],
        validation_data=(x_val, y_val),
        verbose=0,
    )


def best_epoch(history):
    val_loss = history.history["val_loss"]
    ranking = sorted(range(len(val_loss)), key=lambda i: val_loss[i])
    return ranking[0] + 1


def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    edges = np.arange(n + 1) - 0.5
    takes_for = model.predict(x, verbose=0).argmax(axis=1)
    counts, _, _ = np.histogram2d(y, takes_for, bins=(edges, edges))
    return counts.astype(int)
