# case: misspelled_trainable
# style: trainble = False, which only makes a new attribute
# fails: frozen_layer_holds_still
# says: The first layer still moves: the attribute is called trainable; a misspelled one is silently accepted.

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
    layer = model.layers[0]
    layer.trainble = False
    return model
