# case: epoch_begin_instead_of_end
# style: on_epoch_begin: the start is there twice and the end of the training is missing
# fails: trajectory_follows_the_training

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        predictions = model(x)
        loss = loss_fn(y, predictions)
    grads = tape.gradient(loss, weights)
    for i in range(len(weights)):
        weights[i].assign_sub(learning_rate * grads[i])
    return loss.numpy().item()

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]

    class Watch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            trajectory.append(self.model.get_weights())

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
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
    first_layer = model.layers[0]
    first_layer.trainable = False
    return model
