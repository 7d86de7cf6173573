# case: sgd_remembers_too
# style: one helper makes both SGDs, and its default for momentum is 0.9
# fails: sgd_is_plain
# says: "sgd" must be plain: here it has a momentum of 0.9 as well.

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
def make_sgd(learning_rate=0.05, momentum=0.9):
    return keras.optimizers.SGD(learning_rate=learning_rate, momentum=momentum)


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = make_sgd()
    elif optimizer_name == "momentum":
        optimizer = make_sgd(momentum=0.9)
    elif optimizer_name == "adam":
        optimizer = keras.optimizers.Adam(0.02)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
