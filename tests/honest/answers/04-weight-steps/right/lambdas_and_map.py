# case: lambdas_and_map
# style: map and lambda instead of loops; names of the optimizers as they are known to Keras
# borderline: the default learning rates are the slowest of those that the text calls good

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    weights = model.trainable_weights
    list(map(lambda w, g: w.assign_sub(learning_rate * g), weights, tape.gradient(loss, weights)))
    return float(loss)


# %% weight_trajectory
weight_trajectory = lambda model, x, y, epochs: (
    lambda snapshots: (
        model.fit(
            x, y, epochs=epochs, verbose=0,
            callbacks=[
                keras.callbacks.LambdaCallback(
                    on_train_begin=lambda logs: snapshots.append(model.get_weights()),
                    on_epoch_end=lambda epoch, logs: snapshots.append(model.get_weights()),
                )
            ],
        ),
        snapshots,
    )[1]
)([])

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    # "sgd" and "adam" are names that Keras knows: learning rates of 0.01 and 0.001
    if optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)
    else:
        optimizer = optimizer_name
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
freeze_first_layer = lambda model: setattr(model.layers[0], "trainable", False) or model
