# case: sequential_subclass_checkpoint
# style: a class that inherits from keras.Sequential; ModelCheckpoint in a temporary folder

# %% build_model
class DigitNet(keras.Sequential):
    def __init__(self, image_shape, n_classes, hidden=64):
        super().__init__(name="digit_net")
        self.add(keras.Input(image_shape))
        self.add(keras.layers.Flatten())
        self.add(keras.layers.Dense(hidden, activation="relu"))
        self.add(keras.layers.Dense(n_classes, activation="softmax"))


def build_model(image_shape, n_classes):
    return DigitNet(image_shape, n_classes)


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
import os
import tempfile


def train_model(model, x, y, x_val, y_val):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "best.weights.h5")
        callbacks = [
            keras.callbacks.EarlyStopping(monitor="val_loss", patience=5),
            keras.callbacks.ModelCheckpoint(
                path, monitor="val_loss", save_best_only=True, save_weights_only=True
            ),
        ]
        history = model.fit(
            x, y, validation_data=(x_val, y_val), epochs=100, callbacks=callbacks, verbose=0
        )
        model.load_weights(path)
    return history


# %% best_epoch
def best_epoch(history):
    by_loss = {loss: i for i, loss in reversed(list(enumerate(history.history["val_loss"], 1)))}
    return by_loss[min(by_loss)]


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    pairs, counts = np.unique(np.stack([y, says], axis=1), axis=0, return_counts=True)
    matrix = np.zeros((n_classes, n_classes), dtype=np.int64)
    matrix[pairs[:, 0], pairs[:, 1]] = counts
    return matrix
