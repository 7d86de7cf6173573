# case: rate_schedules
# style: learning-rate schedules that stay within the good ranges, for momentum and adam; sgd is constant

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    learning_rate = np.float32(learning_rate)
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    for w, dw in zip(model.trainable_weights, tape.gradient(loss, model.trainable_weights)):
        w.assign_sub(dw * learning_rate)
    return float(loss.numpy())

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [None] * (epochs + 1)
    trajectory[0] = model.get_weights()

    class Fill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            trajectory[epoch + 1] = self.model.get_weights()

    model.fit(x, y, epochs=epochs, callbacks=[Fill()], verbose=0)
    return trajectory

# %% train_with
import math


def train_with(optimizer_name, model, x, y, epochs):
    batch_size = 32
    steps = max(1, epochs * math.ceil(len(x) / batch_size))
    schedules = keras.optimizers.schedules
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(learning_rate=0.1)
    elif optimizer_name == "momentum":
        rate = schedules.ExponentialDecay(0.08, decay_steps=steps, decay_rate=0.5)
        optimizer = keras.optimizers.SGD(learning_rate=rate, momentum=0.9)
    elif optimizer_name == "adam":
        rate = schedules.CosineDecay(0.03, decay_steps=steps, alpha=0.1)
        optimizer = keras.optimizers.Adam(learning_rate=rate)
    else:
        raise KeyError(optimizer_name)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    hidden = model.layers[0]
    hidden.trainable = False
    return model
