# case: fits_twice
# style: calls fit once to train and once more to get the History: twice as many epochs
# fails: history_is_honest
# may: sgd_is_plain, momentum_remembers, adam_scales_each_weight
# borderline: the History is a real one that fit returned, but of the second half of the training

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
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
    model.fit(x, y, epochs=epochs, verbose=0)
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
