# case: own_mean_squared_error
# style: computes the mean squared error itself and never calls loss_fn
# fails: step_uses_the_given_loss
# may: step_follows_the_gradient, step_returns_the_loss

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = tf.reduce_mean(tf.square(y - y_pred))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)

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
    model.layers[0].trainable = False
    return model
