# case: py_dataset
# style: feeds the images through a keras.utils.PyDataset that shuffles itself

# %% build_model
def build_model(image_shape, n_classes):
    units = [80, n_classes]
    activations = ["gelu", "softmax"]
    layers = [keras.Input(image_shape), keras.layers.Flatten()]
    layers += [keras.layers.Dense(u, activation=a) for u, a in zip(units, activations)]
    return keras.Sequential(layers)

# %% compile_model
def compile_model(model):
    adam = keras.optimizers.get({"class_name": "adam", "config": {"learning_rate": 0.01}})
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
import math


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y
        self.batch_size = batch_size
        self.rng = np.random.default_rng()
        self.order = self.rng.permutation(len(x))

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size:(index + 1) * self.batch_size]
        return self.x[chosen], self.y[chosen]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))


def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        Batches(x, y, batch_size=32),
        validation_data=(x_val, y_val),
        epochs=100,
        callbacks=[stop],
        verbose=0,
    )

# %% best_epoch
from operator import itemgetter

def best_epoch(history):
    return min(enumerate(history.history["val_loss"]), key=itemgetter(1))[0] + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    predicted = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n, n), dtype=int)
    indices, counts = np.unique(y * n + predicted, return_counts=True)
    matrix.flat[indices] = counts
    return matrix
