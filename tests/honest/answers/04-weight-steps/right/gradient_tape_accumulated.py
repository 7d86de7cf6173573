# case: gradient_tape_accumulated
# style: steps are collected first, then taken; the snapshots are views of a flat vector, cut again

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    def forward():
        return loss_fn(y, model(x))

    with tf.GradientTape(watch_accessed_variables=True) as tape:
        loss_before = forward()
    downhill = [tf.negative(g) for g in tape.gradient(loss_before, model.trainable_weights)]
    while downhill:
        position = len(downhill) - 1
        model.trainable_weights[position].assign_add(learning_rate * downhill.pop())
    return float(loss_before)


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    shapes = [w.shape for w in model.get_weights()]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    flat = []

    def flatten(*ignored):
        flat.append(np.concatenate([w.ravel() for w in model.get_weights()]))

    flatten()
    model.fit(
        x,
        y,
        epochs=epochs,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=flatten)],
        verbose=0,
    )
    return [
        [piece.reshape(shape) for piece, shape in zip(np.split(row, cuts), shapes)] for row in flat
    ]


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    names = ["sgd", "momentum", "adam"]
    made = [
        keras.optimizers.SGD(1e-1),
        keras.optimizers.SGD(5e-2, momentum=9e-1),
        keras.optimizers.Adam(2e-2),
    ]
    model.compile(optimizer=made[names.index(optimizer_name)], loss="mean_squared_error")
    return model.fit(x, y, None, epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    def freeze(layer):
        layer.trainable = False

    freeze(model.layers[0])
    return model
