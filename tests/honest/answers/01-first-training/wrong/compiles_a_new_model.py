"""Mistake: builds and compiles a second model and leaves the given one uncompiled."""
# fails: compile_sets_optimizer
# may: compile_loss_fits_labels, compile_reports_accuracy, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# says: compile_model returns another model than it was given; compile the given model and return it
import keras
import numpy as np


def build_model():
    """The lesson's model, with fresh random weights; not compiled yet."""
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(5, activation="relu", name="hidden"),
            keras.layers.Dense(2, activation="softmax", name="output"),
        ]
    )


def compile_model(model):
    model = build_model()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
