# case: start_taken_after_fit
# style: the start is joined to the list at the end, when it is long gone
# fails: trajectory_begins_at_random_start
# may: trajectory_follows_the_training
# says: The first snapshot is not the random start: it was taken after the training.

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
    after_epochs = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: after_epochs.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[watch], verbose=0)
    start = model.get_weights()
    return [start] + after_epochs


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
