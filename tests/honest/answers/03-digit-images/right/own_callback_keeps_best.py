"""Style: an own callback remembers the best weights and puts them back after a fixed 40 epochs."""
import keras
import numpy as np


def build_model(image_shape, n_classes):
    layers = [
        keras.Input(image_shape),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu", kernel_initializer="he_normal"),
        keras.layers.Dense(64, activation="relu", kernel_initializer="he_normal"),
        keras.layers.Dense(n_classes, activation=keras.activations.softmax),
    ]
    return keras.Sequential(layers)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


class GoBackToBest(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.lowest = np.inf
        self.weights = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.lowest:
            self.lowest = logs["val_loss"]
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


def train_model(model, x, y, x_val, y_val):
    history = model.fit(
        x, y, epochs=40, validation_data=(x_val, y_val), callbacks=[GoBackToBest()], verbose=0
    )
    return history


def best_epoch(history):
    losses = history.history["val_loss"]
    return min(range(len(losses)), key=losses.__getitem__) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    eye = np.eye(n_classes, dtype=int)
    truth = eye[y]
    answer = eye[model.predict(x, verbose=0).argmax(axis=1)]
    return truth.T @ answer
