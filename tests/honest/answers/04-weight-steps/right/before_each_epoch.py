# case: before_each_epoch
# style: snapshots at the beginning of each epoch and one at the end of training; History callback of its own

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    rate = tf.constant(learning_rate, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = loss_fn(y, y_pred)
    for weight, slope in zip(model.trainable_weights, tape.gradient(loss, model.trainable_weights)):
        downhill = tf.negative(slope)
        weight.assign_add(rate * downhill)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    class BeforeEachEpoch(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.seen = []

        def on_epoch_begin(self, epoch, logs=None):
            self.seen.append(self.model.get_weights())  # what the epoch before has left

        def on_train_end(self, logs=None):
            self.seen.append(self.model.get_weights())  # after the last epoch

    watch = BeforeEachEpoch()
    model.fit(x, y, epochs=epochs, callbacks=[watch], verbose=0)
    return watch.seen

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizer = keras.optimizers.SGD(learning_rate=0.1)
    if optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    if optimizer_name == "adam":
        optimizer = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    log = keras.callbacks.History()
    model.fit(x, y, epochs=epochs, callbacks=[log], verbose=0)
    return log

# %% freeze_first_layer
def freeze_first_layer(model):
    first_layer = next(layer for layer in model.layers if layer.weights)
    first_layer.trainable = False
    return model
