# case: set_all_weights
# style: builds the whole new list and calls set_weights; frozen arrays are passed through

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    gradient_of = {id(w): g for w, g in zip(model.trainable_weights, gradients)}
    new_weights = []
    for weight in model.weights:
        value = weight.numpy()
        if id(weight) in gradient_of:
            value = value - learning_rate * gradient_of[id(weight)].numpy()
        new_weights.append(value)
    model.set_weights(new_weights)
    return float(loss)


# %% weight_trajectory
import copy


def weight_trajectory(model, x, y, epochs):
    snapshots = [copy.deepcopy(model.get_weights())]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append(copy.deepcopy(self.model.get_weights()))

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    return snapshots


# %% train_with
def _optimizer(name):
    try:
        return {
            "sgd": keras.optimizers.SGD(0.3),
            "momentum": keras.optimizers.SGD(0.04, momentum=0.9),
            "adam": keras.optimizers.Adam(0.05),
        }[name]
    except KeyError:
        raise ValueError(f'"sgd", "momentum" or "adam", not "{name}"') from None


def train_with(optimizer_name, model, x, y, epochs):
    model.compile(optimizer=_optimizer(optimizer_name), loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    model.trainable = True
    model.layers[0].trainable = False
    return model
