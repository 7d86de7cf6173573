# case: watched_tape
# style: a persistent tape that watches only the tf.Variables behind the weights; frozen array by array

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    variables = [weight.value for weight in model.trainable_weights]  # the tf.Variables
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(variables)
        loss = loss_fn(y, model(x))
    gradients = [tape.gradient(loss, variable) for variable in variables]
    del tape
    for variable, gradient in zip(variables, gradients):
        variable.assign_sub(learning_rate * gradient)
    return loss.numpy().astype(float).item()

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    import copy

    trajectory = [copy.deepcopy(model.get_weights())]

    def keep(epoch, logs):
        trajectory.append(copy.deepcopy(model.get_weights()))

    watcher = keras.callbacks.LambdaCallback(on_epoch_end=keep)
    model.fit(x, y, epochs=epochs, callbacks=[watcher], verbose=0)
    return trajectory

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizer = keras.optimizers.get("adam" if optimizer_name == "adam" else "sgd")
    if optimizer_name == "adam":
        optimizer.learning_rate = 0.01
    elif optimizer_name == "momentum":
        optimizer.learning_rate = 0.05
        optimizer.momentum = 0.9
    else:
        optimizer.learning_rate = 0.1
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    first = model.layers[0]
    first.kernel.trainable = False
    first.bias.trainable = False
    return model
