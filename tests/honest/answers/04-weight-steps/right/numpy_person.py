# case: numpy_person
# style: a NumPy person: gradients and weights become arrays, the arithmetic is NumPy's

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    grads = [np.asarray(g) for g in tape.gradient(loss, model.trainable_weights)]
    for w, g in zip(model.trainable_weights, grads):
        w.assign(np.subtract(w.numpy(), learning_rate * g))
    return np.float64(loss.numpy())

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    path = [[np.array(w) for w in model.get_weights()]]
    for _ in np.arange(epochs):
        model.fit(x, y, epochs=1, verbose=0)
        path.append([np.array(w) for w in model.get_weights()])
    return path

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    names = np.array(["sgd", "momentum", "adam"])
    rates = np.array([0.1, 0.05, 0.01])
    rate = float(rates[np.flatnonzero(names == optimizer_name)[0]])
    if optimizer_name == "adam":
        opt = keras.optimizers.Adam(rate)
    else:
        opt = keras.optimizers.SGD(rate, momentum=np.where(optimizer_name == "momentum", 0.9, 0.0).item())
    model.compile(opt, "mean_squared_error")
    return model.fit(np.asarray(x), np.asarray(y), epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    for i, layer in enumerate(model.layers):
        layer.trainable = bool(np.not_equal(i, 0))
    return model
