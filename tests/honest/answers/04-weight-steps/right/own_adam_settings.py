# case: own_adam_settings
# style: all settings of the optimizers written out, weights grouped by layer in the step

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    groups = [layer.trainable_weights for layer in model.layers]
    all_gradients = tape.gradient(loss, groups)
    for weights, gradients in zip(groups, all_gradients):
        for weight, gradient in zip(weights, gradients):
            weight.assign_sub(learning_rate * gradient)
    return float(loss)


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = []
    watch = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: trajectory.append(model.get_weights()),
        on_epoch_end=lambda epoch, logs: trajectory.append(model.get_weights()),
    )
    model.fit(x, y, epochs=epochs, callbacks=[watch], verbose=0)
    assert len(trajectory) == epochs + 1
    return trajectory


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizers = keras.optimizers
    if optimizer_name == "adam":
        optimizer = optimizers.Adam(
            learning_rate=0.02, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False
        )
    else:
        optimizer = optimizers.SGD(
            learning_rate=0.1 if optimizer_name == "sgd" else 0.03,
            momentum=0.0 if optimizer_name == "sgd" else 0.9,
            nesterov=False,
        )
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    layers = model.layers
    layers[0].trainable = False
    return model
