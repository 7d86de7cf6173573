# case: random_start_is_missing
# style: snapshots only at the ends of epochs
# fails: trajectory_begins_at_random_start
# may: trajectory_follows_the_training
# says: The first snapshot must be the random start, before training: there should be epochs + 1 snapshots.

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


# %% weight_trajectory
class GetWeights(keras.callbacks.Callback):
    def __init__(self):
        super(GetWeights, self).__init__()
        self.weights = []

    def on_epoch_end(self, epoch, logs=None):
        self.weights.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    gw = GetWeights()
    model.fit(x, y, epochs=epochs, callbacks=[gw], verbose=0)
    return gw.weights


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
    for i, layer in enumerate(model.layers):
        layer.trainable = i > 0
    return model
