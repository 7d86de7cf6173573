# case: snapshots_are_alive
# style: appends model.weights, the same variables each time
# fails: trajectory_begins_at_random_start, trajectory_follows_the_training
# may: frozen_layer_holds_still, other_layer_still_learns
# says: All snapshots show the end of the training: model.weights are the live weights; use get_weights().

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
class WeightLogger(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.log = []

    def on_train_begin(self, logs=None):
        self.log.append(self.model.weights)

    def on_epoch_end(self, epoch, logs=None):
        self.log.append(self.model.weights)


def weight_trajectory(model, x, y, epochs):
    logger = WeightLogger()
    model.fit(x, y, epochs=epochs, callbacks=[logger], verbose=0)
    return logger.log


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
    first = model.layers[0]
    first.trainable = False
    return model
