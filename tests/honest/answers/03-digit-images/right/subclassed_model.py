"""Style: a subclassed keras.Model, built for the image shape at once; shape taken from the predictions."""
# borderline: the docstring says keras.Sequential, but the text accepts any other Keras model
import keras
import numpy as np


class DigitNet(keras.Model):
    def __init__(self, n_classes, hidden=120, **kwargs):
        super().__init__(**kwargs)
        self.flat = keras.layers.Flatten()
        self.hidden = keras.layers.Dense(hidden, activation="relu")
        self.out = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, images):
        return self.out(self.hidden(self.flat(images)))


def build_model(image_shape, n_classes):
    model = DigitNet(n_classes)
    model(keras.ops.zeros((1, *image_shape)))  # makes the weights
    return model


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    early = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[early], verbose=0)


def best_epoch(history):
    val_loss = np.array(history.history["val_loss"])
    return int(val_loss.argmin() + 1)


def confusion_matrix(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n_classes = probabilities.shape[1]
    says = probabilities.argmax(axis=1)
    return np.array(
        [[np.sum((y == t) & (says == p)) for p in range(n_classes)] for t in range(n_classes)]
    )
