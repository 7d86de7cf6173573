# case: fit_epoch_by_epoch
# style: no callback: one fit for each epoch; the optimizer keeps its state; functools.partial
# borderline: a check that counts calls of fit would see one for each epoch

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    for w, g in zip(model.trainable_weights, tape.gradient(loss, model.trainable_weights)):
        w.assign(w - learning_rate * g)
    return float(loss)


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    for epoch in range(epochs):
        model.fit(x, y, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        trajectory.append(model.get_weights())
    return trajectory


# %% train_with
from functools import partial

_MAKERS = {
    "sgd": partial(keras.optimizers.SGD, learning_rate=0.1),
    "momentum": partial(keras.optimizers.SGD, learning_rate=0.04, momentum=0.9),
    "adam": partial(keras.optimizers.Adam, learning_rate=0.015),
}


def train_with(optimizer_name, model, x, y, epochs):
    model.compile(optimizer=_MAKERS[optimizer_name](), loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    next(iter(model.layers)).trainable = False
    return model
