# case: mean_taken_twice
# style: thinks that the gradient is a sum over the samples, and divides it by their number once more
# fails: step_follows_the_gradient
# may: step_uses_the_given_loss, step_leaves_frozen_weights

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    n_samples = len(x)
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient / n_samples)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    path = [model.get_weights()]
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: path.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[callback], verbose=0)
    return path

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
