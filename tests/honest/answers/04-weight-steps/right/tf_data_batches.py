# case: tf_data_batches
# style: tf.data for fit; the loss is read before the step with .numpy; optimizer classes by subclass

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    x = tf.cast(x, tf.float32)
    y = tf.cast(y, tf.float32)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(loss_fn(y, model(x)))
    value = float(loss.numpy())
    gradients = tape.gradient(loss, model.trainable_weights)
    for i, gradient in enumerate(gradients):
        model.trainable_weights[i].assign_sub(learning_rate * gradient)
    return value


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(32)

    class Watch(keras.callbacks.Callback):
        snapshots = [model.get_weights()]

        def on_epoch_end(self, epoch, logs=None):
            self.snapshots.append(self.model.get_weights())

    model.fit(data, epochs=epochs, callbacks=[Watch()], verbose=0)
    return Watch.snapshots


# %% train_with
class Momentum(keras.optimizers.SGD):
    def __init__(self, learning_rate):
        super().__init__(learning_rate=learning_rate, momentum=0.9, name="momentum")


def train_with(optimizer_name, model, x, y, epochs):
    classes = {"sgd": keras.optimizers.SGD, "momentum": Momentum, "adam": keras.optimizers.Adam}
    rates = {"sgd": 0.1, "momentum": 0.03, "adam": 0.02}
    model.compile(
        optimizer=classes[optimizer_name](rates[optimizer_name]), loss="mean_squared_error"
    )
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(32)
    return model.fit(data, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
