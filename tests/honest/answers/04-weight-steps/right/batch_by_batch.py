# case: batch_by_batch
# style: the epochs are written out: shuffled row numbers and train_on_batch, no callback

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    params = model.trainable_variables
    grads = tape.gradient(loss, params)
    step = [-learning_rate * grad for grad in grads]
    for param, change in zip(params, step):
        param.assign_add(change)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs, batch_size=32):
    rng = np.random.default_rng()
    trajectory = [model.get_weights()]
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for begin in range(0, len(x), batch_size):
            rows = order[begin : begin + batch_size]
            model.train_on_batch(x[rows], y[rows])
        trajectory.append(model.get_weights())
    return trajectory

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    classes = {"sgd": keras.optimizers.SGD, "momentum": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
    arguments = {"sgd": (0.1,), "momentum": (0.05, 0.9), "adam": (0.01,)}
    optimizer = classes[optimizer_name](*arguments[optimizer_name])
    model.compile(optimizer=optimizer, loss="mse")
    return model.fit(x, y, batch_size=len(x), epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    index = 0
    while index < len(model.layers):
        if index == 0:
            model.layers[index].trainable = False
        index += 1
    return model
