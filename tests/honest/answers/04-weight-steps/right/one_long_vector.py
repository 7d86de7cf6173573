# case: one_long_vector
# style: all gradients are joined into one vector, the step is taken there and cut into arrays again

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, weights)

    sizes = [int(tf.size(gradient)) for gradient in gradients]
    uphill = tf.concat([tf.reshape(gradient, [-1]) for gradient in gradients], axis=0)
    step = -learning_rate * uphill
    for weight, gradient, piece in zip(weights, gradients, tf.split(step, sizes)):
        weight.assign_add(tf.reshape(piece, gradient.shape))
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    shapes = [array.shape for array in model.get_weights()]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def flat():
        return np.concatenate([array.ravel() for array in model.get_weights()])

    rows = [flat()]
    model.fit(
        x,
        y,
        epochs=epochs,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: rows.append(flat()))],
        verbose=0,
    )
    table = np.stack(rows)  # one row for each epoch, one column for each weight
    return [
        [part.reshape(shape) for part, shape in zip(np.split(row, cuts), shapes)] for row in table
    ]

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    # name: (learning rate, how much is remembered)
    table = {"sgd": (0.1, 0.0), "momentum": (0.03, 0.8), "adam": (0.01, None)}
    rate, remembered = table[optimizer_name]
    if remembered is None:
        optimizer = keras.optimizers.Adam(rate)
    else:
        optimizer = keras.optimizers.SGD(rate, momentum=remembered)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    frozen = {id(model.layers[0])}
    for layer in model.layers:
        if id(layer) in frozen:
            layer.trainable = False
    return model
