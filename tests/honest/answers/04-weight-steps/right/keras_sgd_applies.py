# case: keras_sgd_applies
# style: a fresh Keras SGD applies the gradients; LambdaCallback; a dictionary of optimizers

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate)
    with tf.GradientTape() as tape:
        loss_value = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss_value, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return float(loss_value)


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    snapshot = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: trajectory.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[snapshot], verbose=0)
    return trajectory


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.03, momentum=0.9),
        "adam": keras.optimizers.Adam(0.01),
    }
    model.compile(optimizers[optimizer_name], loss="mean_squared_error")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


# %% freeze_first_layer
def freeze_first_layer(model):
    first, *others = model.layers
    first.trainable = False
    return model
