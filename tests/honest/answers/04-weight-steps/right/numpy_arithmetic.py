# case: numpy_arithmetic
# style: the step in NumPy, written back with assign; batches by hand with train_on_batch
# borderline: weight_trajectory trains without fit, but with the compiled optimizer, batches of 32

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = [np.asarray(g) for g in tape.gradient(loss, weights)]
    new_values = [w.numpy() - np.float32(learning_rate) * g for w, g in zip(weights, gradients)]
    for w, value in zip(weights, new_values):
        w.assign(value)
    return loss.numpy().item()


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    result = [model.get_weights()]
    for _ in range(epochs):
        order = np.random.permutation(len(x))
        for begin in range(0, len(x), 32):
            batch = order[begin : begin + 32]
            model.train_on_batch(x[batch], y[batch])
        result.append(model.get_weights())
    return result


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    class_names = {"sgd": "SGD", "momentum": "SGD", "adam": "Adam"}
    configs = {
        "sgd": {"learning_rate": 0.1},
        "momentum": {"learning_rate": 0.03, "momentum": 0.9},
        "adam": {"learning_rate": 0.02},
    }
    optimizer = keras.optimizers.get(
        {"class_name": class_names[optimizer_name], "config": configs[optimizer_name]}
    )
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    model.get_layer(index=0).trainable = False
    return model
