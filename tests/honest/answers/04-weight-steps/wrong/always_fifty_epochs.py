# case: always_fifty_epochs
# style: epochs=50 in fit, the argument is not used
# fails: history_is_honest
# may: sgd_is_plain, momentum_remembers, adam_scales_each_weight, loss_goes_down
# says: The history must have as many epochs as asked for; it always has 50.

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


# %% weight_trajectory
class Recorder(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.snapshots = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs=None):
        self.snapshots.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    recorder = Recorder()
    model.fit(x, y, epochs=epochs, callbacks=[recorder], verbose=0)
    return recorder.snapshots


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizer = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.02, momentum=0.9),
        "adam": keras.optimizers.Adam(0.01),
    }[optimizer_name]
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    history = model.fit(x, y, epochs=50, batch_size=32, verbose=0)
    return history


# %% freeze_first_layer
def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
