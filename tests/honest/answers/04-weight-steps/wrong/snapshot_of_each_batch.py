# case: snapshot_of_each_batch
# style: on_train_batch_end instead of on_epoch_end
# fails: trajectory_follows_the_training
# may: frozen_layer_holds_still, other_layer_still_learns
# borderline: with a single batch per epoch it is right
# says: There are too many snapshots: one for each batch; it should be one for each epoch.

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
    class Watch(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.snapshots = [self.model.get_weights()]

        def on_train_batch_end(self, batch, logs=None):
            self.snapshots.append(self.model.get_weights())

    watch = Watch()
    model.fit(x, y, epochs=epochs, callbacks=[watch], verbose=0)
    return watch.snapshots


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.03, momentum=0.9),
        "adam": keras.optimizers.Adam(0.02),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
