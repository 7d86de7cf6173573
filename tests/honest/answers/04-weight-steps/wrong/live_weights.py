# case: live_weights
# style: keeps a list of the live variables, which go on changing
# fails: trajectory_begins_at_random_start, trajectory_follows_the_training

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [list(model.weights)]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            trajectory.append(list(self.model.weights))

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    # only now to arrays
    return [[w.numpy() for w in snapshot] for snapshot in trajectory]

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
    first_layer = model.layers[0]
    first_layer.trainable = False
    return model
