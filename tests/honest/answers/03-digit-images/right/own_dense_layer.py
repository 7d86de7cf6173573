# case: own_dense_layer
# style: own Layer with add_weight and ops.matmul, no Flatten or Dense in sight; loss given as a function

# %% build_model
@keras.saving.register_keras_serializable(package="homework")
class ImageLinear(keras.layers.Layer):
    """Flattens what comes in and multiplies it by a matrix."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        n_in = 1
        for size in input_shape[1:]:
            n_in *= size
        self.n_in = n_in
        self.w = self.add_weight(shape=(n_in, self.units), initializer="glorot_uniform", name="w")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, inputs):
        flat = keras.ops.reshape(inputs, (-1, self.n_in))
        return keras.ops.matmul(flat, self.w) + self.b

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def build_model(image_shape, n_classes):
    return keras.Sequential([
        keras.Input(image_shape),
        ImageLinear(96),
        keras.layers.ReLU(),
        ImageLinear(n_classes),
        keras.layers.Softmax(),
    ])

# %% compile_model
def compile_model(model):
    model.compile(keras.optimizers.Adam(0.01), keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    early = keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)
    h = model.fit(x, y, 32, 100, verbose=0, callbacks=[early], validation_data=(x_val, y_val))
    return h

# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    return min(range(len(losses)), key=losses.__getitem__) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    answer = probabilities.argmax(axis=1)
    return np.bincount(n * y + answer, minlength=n * n).reshape(n, n)
