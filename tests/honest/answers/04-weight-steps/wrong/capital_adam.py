# case: capital_adam
# style: compares with "Adam", so that "adam" falls through to plain SGD
# fails: adam_scales_each_weight

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
class Recorder(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.history = []

    def on_train_begin(self, logs=None):
        self.history.append(self.model.get_weights())

    def on_epoch_end(self, epoch, logs=None):
        self.history.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    recorder = Recorder()
    model.fit(x, y, epochs=epochs, callbacks=[recorder], verbose=0)
    return recorder.history

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizer = keras.optimizers.SGD(learning_rate=0.05)
    if optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    elif optimizer_name == "Adam":
        optimizer = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    first_layer = model.layers[0]
    first_layer.trainable = False
    return model
