# case: only_weights_of_one_layer
# style: self.model.layers[0].get_weights() in the callback
# fails: trajectory_follows_the_training
# may: frozen_layer_holds_still, other_layer_still_learns
# says: A snapshot must hold all weights of the model; after the start there are only those of the first layer.

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
    snapshots = [model.get_weights()]

    class Callback(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs={}):
            m = self.model
            snapshots.append(m.layers[0].get_weights())

    model.fit(x, y, epochs=epochs, callbacks=[Callback()], verbose=0)
    return snapshots


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
    for i, layer in enumerate(model.layers):
        layer.trainable = i > 0
    return model
