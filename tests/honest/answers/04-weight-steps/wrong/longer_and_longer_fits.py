# case: longer_and_longer_fits
# style: fit(epochs=epoch) in a loop goes on from where it is: 1 + 2 + ... + n epochs
# fails: trajectory_follows_the_training

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss_value = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss_value, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        w.assign(w - learning_rate * g)
    return float(loss_value)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    for epoch in range(1, epochs + 1):
        model.fit(x, y, epochs=epoch, verbose=0)
        trajectory.append(model.get_weights())
    return trajectory

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.05, momentum=0.9),
        "adam": keras.optimizers.Adam(0.01),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
