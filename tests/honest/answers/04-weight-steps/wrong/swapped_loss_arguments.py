# case: swapped_loss_arguments
# style: loss_fn(predictions, y): the arguments in the order of PyTorch
# fails: step_uses_the_given_loss
# may: step_follows_the_gradient, step_returns_the_loss
# borderline: with the mean squared error, or any other symmetric loss, the result is the same

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        outputs = model(x)
        loss = loss_fn(outputs, y)
    grads = tape.gradient(loss, model.trainable_weights)
    for p, g in zip(model.trainable_weights, grads):
        p.assign_sub(learning_rate * g)
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
    optimizers = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.05, momentum=0.9),
        "adam": keras.optimizers.Adam(0.01),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
