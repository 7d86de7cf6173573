# case: very_defensive
# style: asserts before and after, checks of shapes and of finite numbers, clear errors

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    assert callable(loss_fn), "loss_fn must be a function"
    assert len(x) == len(y), "x and y must have the same number of samples"
    if not learning_rate > 0:
        raise ValueError(f"the learning rate must be positive, not {learning_rate}")

    weights = list(model.trainable_weights)
    with tf.GradientTape() as tape:
        predictions = model(x)
        assert tuple(predictions.shape) == tuple(np.shape(y)), "one prediction for each truth"
        loss = loss_fn(y, predictions)
    gradients = tape.gradient(loss, weights)

    assert len(gradients) == len(weights)
    for weight, gradient in zip(weights, gradients):
        if gradient is None:  # the loss does not depend on this weight
            continue
        assert tuple(weight.shape) == tuple(gradient.shape)
        weight.assign_sub(learning_rate * gradient)

    result = float(loss)
    assert isinstance(result, float)
    return result

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    if epochs < 0:
        raise ValueError("epochs must not be negative")
    assert model.optimizer is not None, "compile the model first"

    trajectory = [[w.copy() for w in model.get_weights()]]

    class KeepWeights(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            assert len(trajectory) == epoch + 1
            trajectory.append([w.copy() for w in self.model.get_weights()])

    model.fit(x, y, epochs=int(epochs), callbacks=[KeepWeights()], verbose=0)
    assert len(trajectory) == epochs + 1, "one for each epoch, and the start"
    return trajectory

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    known = ("sgd", "momentum", "adam")
    if optimizer_name not in known:
        raise ValueError(f"optimizer_name must be one of {known}, not {optimizer_name!r}")
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.0, nesterov=False)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.03, momentum=0.9, nesterov=False)
    else:
        optimizer = keras.optimizers.Adam(learning_rate=0.01, amsgrad=False)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    history = model.fit(
        x, y, epochs=epochs, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()]
    )
    assert len(history.history["loss"]) == epochs
    assert np.isfinite(history.history["loss"]).all()
    return history

# %% freeze_first_layer
def freeze_first_layer(model):
    if not model.layers:
        raise ValueError("the model has no layers")
    first, others = model.layers[0], model.layers[1:]
    first.trainable = False
    assert not first.trainable_weights
    assert all(layer.trainable for layer in others)
    return model
