# case: handmade_accuracy
# style: accuracy as the student's own metric function, written with keras.ops
# borderline: the metric is the student's own function, though it is named accuracy and is right

# %% compile_model
def accuracy(y_true, y_pred):
    """Share of right answers."""
    guesses = keras.ops.argmax(y_pred, axis=-1)
    truth = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), guesses.dtype)
    return keras.ops.cast(keras.ops.equal(guesses, truth), "float32")


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[accuracy],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        try:
            return layer.get_weights()[0].copy()
        except IndexError:
            pass  # this layer has no weights


# %% weight_change
def weight_change(before, after):
    return [float(np.ptp([0, *np.abs(a - b).ravel()])) for b, a in zip(before, after)]
