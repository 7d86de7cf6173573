# case: one_array_after_the_other
# style: a new tape for each array, after the arrays before it have moved already
# fails: step_follows_the_gradient
# may: step_uses_the_given_loss, step_leaves_frozen_weights
# borderline: with a single array of weights it is right; it shows only with several
# says: All gradients belong to the weights before the step; here later ones are computed after earlier weights moved.

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    first_loss = None
    for weight in model.trainable_weights:
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x))
        if first_loss is None:
            first_loss = float(loss)
        weight.assign_sub(learning_rate * tape.gradient(loss, weight))
    return first_loss


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: trajectory.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[callback], verbose=0)
    return trajectory


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(learning_rate=0.1)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
