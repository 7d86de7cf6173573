# case: learning_rate_of_three
# style: the same learning rate of 3.0 for all optimizers
# fails: loss_goes_down
# may: sgd_is_plain, momentum_remembers, adam_scales_each_weight, history_is_honest
# says: The loss grows or becomes nan: the learning rate is far too large.

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        y_pred = model(x, training=True)
        loss = loss_fn(y, y_pred)
    grads = tape.gradient(loss, variables)
    for i in range(len(variables)):
        variables[i].assign(variables[i] - learning_rate * grads[i])
    return float(loss.numpy())


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: trajectory.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[callback], verbose=0)
    return trajectory


# %% train_with
LEARNING_RATE = 3.0


def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(LEARNING_RATE),
        "momentum": keras.optimizers.SGD(LEARNING_RATE, momentum=0.9),
        "adam": keras.optimizers.Adam(LEARNING_RATE),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
