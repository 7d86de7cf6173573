# case: set_all_weights
# style: computes the new values in NumPy and puts them all back with set_weights; a generator yields the snapshots

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    movable = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, movable)
    steps = {id(w): learning_rate * g.numpy() for w, g in zip(movable, gradients)}
    # a frozen weight has no step
    model.set_weights([w.numpy() - steps.get(id(w), 0) for w in model.weights])
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    def walk():
        yield model.get_weights()
        for _ in range(epochs):
            model.fit(x, y, verbose=False)
            yield model.get_weights()

    return [*walk()]

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    try:
        optimizer = {
            "sgd": keras.optimizers.SGD(learning_rate=0.3),
            "momentum": keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
            "adam": keras.optimizers.Adam(learning_rate=0.05),
        }[optimizer_name.lower()]
    except KeyError as error:
        raise ValueError(f"no such optimizer: {optimizer_name}") from error
    model.compile(
        optimizer=optimizer, loss="mean_squared_error", run_eagerly=True, jit_compile=False
    )
    history = model.fit(x, y, batch_size=64, epochs=epochs, verbose=0)
    print(f"{optimizer_name}: {history.history['loss'][-1]:.4f}")
    return history

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = not True
    print([w.shape for w in model.trainable_weights])
    return model
