# case: persistent_tape_match
# style: a persistent tape asked once per weight, all gradients before any step; match statement

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape(persistent=True) as tape:
        loss = loss_fn(y, model(x))
    steps = [(w, -learning_rate * tape.gradient(loss, w)) for w in model.trainable_weights]
    del tape
    for w, step in steps:
        w.assign_add(step)
    return float(loss.numpy())


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    weights_so_far = []

    class Watch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            weights_so_far.append(self.model.get_weights())

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    # the beginning of each epoch is the end of the one before; only the last end is missing
    weights_so_far.append(model.get_weights())
    return weights_so_far


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    match optimizer_name:
        case "sgd":
            optimizer = keras.optimizers.SGD(0.2)
        case "momentum":
            optimizer = keras.optimizers.SGD(0.02, momentum=0.9)
        case "adam":
            optimizer = keras.optimizers.Adam(0.03)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    for i, layer in enumerate(model.layers):
        layer.trainable = i != 0
    return model
