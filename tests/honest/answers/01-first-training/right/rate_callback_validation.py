# case: rate_callback_validation
# style: LearningRateScheduler callback and validation_data (the training data again), so History has more keys

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005, clipvalue=0.5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def lower_rate(epoch, lr):
    """Keep the rate for five epochs, then lower it slowly."""
    if epoch < 5:
        return float(lr)
    return float(lr * 0.97)


def train_model(model, x, y, epochs=5):
    return model.fit(
        x,
        y,
        epochs=epochs,
        verbose=2,
        validation_data=(x, y),
        callbacks=[keras.callbacks.LearningRateScheduler(lower_rate)],
    )

# %% first_layer_weights
def first_layer_weights(model):
    index = [bool(layer.get_weights()) for layer in model.layers].index(True)
    return model.layers[index].get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    pairs = list(zip(before, after))
    result = [0.0] * len(pairs)
    for i, (b, a) in enumerate(pairs):
        change = np.abs(np.subtract(a, b))
        result[i] = float(change[np.unravel_index(change.argmax(), change.shape)])
    return result
