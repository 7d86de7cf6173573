# case: own_accuracy_function
# style: closure as the loss and a hand-written metric function that is called accuracy; keras.ops

# %% compile_model
def accuracy(y_true, y_pred):
    """Share of right answers, written by hand."""
    labels = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    guesses = keras.ops.cast(keras.ops.argmax(y_pred, axis=-1), "int32")
    return keras.ops.cast(keras.ops.equal(labels, guesses), "float32")


def make_loss():
    def crossentropy(y_true, y_pred):
        return keras.losses.sparse_categorical_crossentropy(y_true, y_pred)

    return crossentropy


def compile_model(model):
    model.compile(optimizer="adam", loss=make_loss(), metrics=[accuracy])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            return np.array(keras.ops.convert_to_numpy(layer.kernel))

# %% weight_change
def weight_change(before, after):
    largest = lambda a, b: float(keras.ops.max(keras.ops.abs(keras.ops.subtract(b, a))))
    return [largest(a, b) for a, b in zip(before, after)]
