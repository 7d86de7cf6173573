# case: moves_frozen_weights
# style: uses model.weights instead of model.trainable_weights
# fails: step_leaves_frozen_weights

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    grads = tape.gradient(loss, model.weights)
    for w, g in zip(model.weights, grads):
        w.assign_sub(learning_rate * g)
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
    first_layer = model.layers[0]
    first_layer.trainable = False
    return model
