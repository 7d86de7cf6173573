# case: generator_of_snapshots
# style: a generator trains one epoch between two yields; comprehension for the step

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        tape.watch(tf.constant(0.0))
        loss = loss_fn(y, model(x))
    weights = model.trainable_weights
    pairs = zip(weights, tape.gradient(loss, weights))
    [w.assign_sub(tf.cast(learning_rate, g.dtype) * g) for w, g in pairs]
    return float(loss)


# %% weight_trajectory
def snapshots_of_training(model, x, y, epochs):
    yield model.get_weights()
    for _ in range(epochs):
        model.fit(x, y, epochs=1, verbose=0)
        yield model.get_weights()


def weight_trajectory(model, x, y, epochs):
    return list(snapshots_of_training(model, x, y, epochs))


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    learning_rate = {"sgd": 0.1, "momentum": 0.05, "adam": 0.02}[optimizer_name]
    if optimizer_name in ("sgd", "momentum"):
        optimizer = keras.optimizers.SGD(learning_rate)
        if optimizer_name == "momentum":
            optimizer = keras.optimizers.SGD(learning_rate, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, shuffle=True, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    (first, *_) = model.layers
    first.trainable = False
    return model
