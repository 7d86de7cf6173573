# case: defaults_and_kwargs
# style: default arguments, keyword arguments passed on, small batches, an own History callback

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate=0.1, **call_options):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, **call_options))
    gradients = tape.gradient(
        loss, model.trainable_weights, unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


# %% weight_trajectory
class Recorder(keras.callbacks.Callback):
    def __init__(self, take=lambda model: model.get_weights()):
        super().__init__()
        self.take = take
        self.snapshots = []

    def snap(self, *args, **kwargs):
        self.snapshots.append(self.take(self.model))

    def on_train_begin(self, logs=None):
        self.snap()

    def on_epoch_end(self, epoch, logs=None):
        self.snap()


def weight_trajectory(model, x, y, epochs=10, **fit_options):
    options = {"verbose": 0, **fit_options}
    recorder = Recorder()
    model.fit(x, y, epochs=epochs, callbacks=[recorder], **options)
    return recorder.snapshots


# %% train_with
def train_with(optimizer_name, model, x, y, epochs, batch_size=16, loss="mean_squared_error"):
    def sgd(momentum=0.0, learning_rate=0.05):
        return keras.optimizers.SGD(learning_rate=learning_rate, momentum=momentum)

    def momentum():
        return sgd(momentum=0.9, learning_rate=0.02)

    def adam(learning_rate=0.01):
        return keras.optimizers.Adam(learning_rate=learning_rate)

    optimizer = locals()[optimizer_name]()
    own_history = keras.callbacks.History()
    model.compile(optimizer=optimizer, loss=loss)
    return model.fit(
        x, y, epochs=epochs, batch_size=batch_size, callbacks=[own_history], verbose=0
    )


# %% freeze_first_layer
def freeze_first_layer(model, trainable=False):
    model.layers[0].trainable = trainable
    return model
