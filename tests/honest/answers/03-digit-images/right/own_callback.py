# case: own_callback
# style: writes the early stopping as a callback of its own, after the Keras guide

# %% build_model
def build_model(image_shape, n_classes):
    inputs = keras.layers.Input(image_shape)
    x = keras.layers.Reshape((-1,))(inputs)
    x = keras.layers.Dense(100)(x)
    x = keras.layers.Activation("relu")(x)
    x = keras.layers.Dense(n_classes)(x)
    outputs = keras.layers.Activation(keras.activations.softmax)(x)
    return keras.models.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Nadam(0.01), metrics=["accuracy"])
    return model

# %% train_model
class StopAtMinimum(keras.callbacks.Callback):
    """Stop when val_loss has not improved for `patience` epochs; restore the best weights."""

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.waited = 0
        self.lowest = np.inf
        self.lowest_weights = None

    def on_epoch_end(self, epoch, logs=None):
        current = logs["val_loss"]
        if np.less(current, self.lowest):
            self.lowest = current
            self.waited = 0
            self.lowest_weights = self.model.get_weights()
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.lowest_weights is not None:
            self.model.set_weights(self.lowest_weights)


def train_model(model, x, y, x_val, y_val):
    return model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[StopAtMinimum(patience=4)], verbose=0
    )

# %% best_epoch
def best_epoch(history):
    best, lowest = 0, float("inf")
    for epoch, loss in enumerate(history.history["val_loss"], start=1):
        if loss < lowest:
            best, lowest = epoch, loss
    return best

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    rows = [np.bincount(y_pred[y == t], minlength=n_classes) for t in range(n_classes)]
    return np.stack(rows)
