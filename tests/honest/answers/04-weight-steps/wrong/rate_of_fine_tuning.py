# case: rate_of_fine_tuning
# style: one learning rate for all three, as for fine-tuning a big model, far below the good ones
# fails: loss_goes_down
# may: sgd_is_plain, momentum_remembers, adam_scales_each_weight

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss_value = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss_value, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        w.assign(w - learning_rate * g)
    return float(loss_value)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    snapshots = [model.get_weights()]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append(self.model.get_weights())

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    return snapshots

# %% train_with
LEARNING_RATE = 1e-6


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(LEARNING_RATE)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(LEARNING_RATE, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(LEARNING_RATE)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
