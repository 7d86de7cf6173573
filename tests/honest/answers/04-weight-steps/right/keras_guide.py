# case: keras_guide
# style: as in the Keras guides "Writing a training loop" and "Writing your own callbacks"

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    # Open a GradientTape to record the operations run during the forward pass.
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss_value = loss_fn(y, logits)
    grads = tape.gradient(loss_value, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        w.assign(w - learning_rate * g)
    return float(loss_value)

# %% weight_trajectory
class WeightHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.snapshots = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs=None):
        self.snapshots.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    history = WeightHistory()
    model.fit(x, y, epochs=epochs, callbacks=[history], verbose=0)
    return history.snapshots

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizer = {
        "sgd": keras.optimizers.SGD(learning_rate=1e-2),
        "momentum": keras.optimizers.SGD(learning_rate=1e-2, momentum=0.9),
        "adam": keras.optimizers.Adam(learning_rate=1e-3),
    }[optimizer_name]
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.MeanSquaredError(),
        metrics=[keras.metrics.MeanAbsoluteError()],
    )
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=2)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
