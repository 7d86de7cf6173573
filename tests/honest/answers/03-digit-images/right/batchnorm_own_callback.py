# case: batchnorm_own_callback
# style: batch normalization (moving averages are weights too); an own callback stops and restores

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, use_bias=False),
            keras.layers.BatchNormalization(momentum=0.8),
            keras.layers.ReLU(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        keras.optimizers.Adam(0.01, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
class KeepTheBest(keras.callbacks.Callback):
    """Remember the weights of the lowest validation loss, stop some epochs later."""

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.lowest = np.inf
        self.waited = 0
        self.best_weights = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.lowest:
            self.lowest = logs["val_loss"]
            self.best_weights = self.model.get_weights()
            self.waited = 0
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


def train_model(model, x, y, x_val, y_val):
    return model.fit(
        x,
        y,
        validation_data=(x_val, y_val),
        epochs=100,
        callbacks=[KeepTheBest(patience=6)],
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    best = 0
    losses = history.history["val_loss"]
    for i in range(1, len(losses)):
        if losses[i] < losses[best]:
            best = i
    return best + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    size = model.output_shape[-1]
    counts = np.zeros((size, size), np.int64)
    np.add.at(counts, (y, model.predict(x, verbose=0).argmax(-1)), 1)
    return counts
