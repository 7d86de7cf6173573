"""Style: functional residual network of Dense blocks with LayerNormalization; a class wraps the training."""
import keras
import numpy as np
from keras import layers


def block(h, units):
    skip = h
    h = layers.LayerNormalization()(h)
    h = layers.Dense(units, activation="swish")(h)
    h = layers.Dense(units)(h)
    return layers.add([skip, h])


def build_model(image_shape, n_classes):
    pixels = keras.Input(image_shape, name="pixels")
    h = layers.Flatten()(pixels)
    h = layers.Dense(48)(h)
    for _ in range(2):
        h = block(h, 48)
    probabilities = layers.Dense(n_classes, activation="softmax", name="probabilities")(h)
    return keras.Model(pixels, probabilities, name="residual")


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.004),
        loss=keras.losses.SparseCategoricalCrossentropy(name="surprise"),
        metrics=["accuracy"],
    )
    return model


class Trainer:
    def __init__(self, model, patience=5, epochs=100):
        self.model = model
        self.stopper = keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=patience, restore_best_weights=True
        )
        self.epochs = epochs

    def train(self, training, validation):
        return self.model.fit(
            *training,
            validation_data=validation,
            epochs=self.epochs,
            callbacks=[self.stopper],
            verbose=0,
        )


def train_model(model, x, y, x_val, y_val):
    return Trainer(model).train((x, y), (x_val, y_val))


def best_epoch(history):
    (first_lowest, *_), = np.where(history.history["val_loss"] == np.min(history.history["val_loss"]))
    return int(first_lowest) + 1


def confusion_matrix(model, x, y):
    k = model.output_shape[-1]
    result = np.zeros(k * k, dtype=int)
    flat = np.ravel_multi_index((np.asarray(y), model.predict(x, verbose=0).argmax(1)), (k, k))
    cells, counts = np.unique(flat, return_counts=True)
    result[cells] = counts
    return result.reshape(k, k)
