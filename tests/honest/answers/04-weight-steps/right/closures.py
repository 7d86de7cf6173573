# case: closures
# style: closures and factories; a function that makes the updater, a function that makes the callback

# %% gradient_step
def make_updater(learning_rate):
    def update(weight, gradient):
        weight.assign_add(-learning_rate * gradient)

    return update


def make_objective(model, loss_fn, x, y):
    def objective():
        return loss_fn(y, model(x))

    return objective


def gradient_step(model, loss_fn, x, y, learning_rate):
    objective = make_objective(model, loss_fn, x, y)
    update = make_updater(learning_rate)
    with tf.GradientTape() as tape:
        loss = objective()
    for weight, gradient in zip(model.trainable_weights, tape.gradient(loss, model.trainable_weights)):
        update(weight, gradient)
    return float(loss)

# %% weight_trajectory
def recorder_for(trajectory):
    class Recorder(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            trajectory.append(self.model.get_weights())

    return Recorder()


def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    model.fit(x, y, epochs=epochs, callbacks=[recorder_for(trajectory)], verbose=0)
    return trajectory

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    def sgd():
        return keras.optimizers.SGD(0.1)

    def momentum():
        return keras.optimizers.SGD(0.05, momentum=0.9)

    def adam():
        return keras.optimizers.Adam(0.01)

    makers = {f.__name__: f for f in (sgd, momentum, adam)}
    model.compile(optimizer=makers[optimizer_name](), loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    def freeze(layer):
        layer.trainable = False

    freeze(model.layers[0])
    return model
