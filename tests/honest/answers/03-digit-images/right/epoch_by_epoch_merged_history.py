"""Style: calls fit for one epoch at a time and merges the histories; stops by hand and sets the best weights."""
# borderline: "the History that fit returns" is the first one, to which the later epochs are appended
import keras
import numpy as np


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    history = None
    best_loss, best_weights, waited = np.inf, None, 0
    for epoch in range(100):
        one = model.fit(
            x, y, validation_data=(x_val, y_val), initial_epoch=epoch, epochs=epoch + 1, verbose=0
        )
        if history is None:
            history = one
        else:
            history.epoch.extend(one.epoch)
            for name, values in one.history.items():
                history.history[name].extend(values)
        val_loss = one.history["val_loss"][-1]
        if val_loss < best_loss:
            best_loss, best_weights, waited = val_loss, model.get_weights(), 0
        else:
            waited += 1
        if waited == 5:
            break
    model.set_weights(best_weights)
    return history


def best_epoch(history):
    return 1 + int(np.argmin(history.history["val_loss"]))


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    predictions = [int(np.argmax(row)) for row in model.predict(x, verbose=0)]
    matrix = [[0] * n_classes for _ in range(n_classes)]
    for truth, prediction in zip(y, predictions):
        matrix[int(truth)][prediction] += 1
    return np.array(matrix)
