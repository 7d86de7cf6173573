"""Style: freezes the kernel and the bias one by one; loss read through keras; explicit optimizer.build."""
# borderline: sets trainable on the two variables, not on the layer; fit leaves them alone just the same
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    def loss_now():
        return loss_fn(y, model(x))

    with tf.GradientTape() as tape:
        loss = loss_now()
    gradients = tape.gradient(loss, model.trainable_weights)
    for gradient, weight in zip(gradients, model.trainable_weights, strict=True):
        weight.assign_sub(learning_rate * gradient)
    return float(keras.ops.convert_to_numpy(loss))


def weight_trajectory(model, x, y, epochs):
    kept = {0: model.get_weights()}

    class Keep(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kept[epoch + 1] = self.model.get_weights()

    model.fit(x, y, epochs=epochs, callbacks=[Keep()], verbose=0)
    return [kept[number] for number in range(epochs + 1)]


def train_with(optimizer_name, model, x, y, epochs):
    cls = {"sgd": keras.optimizers.SGD, "momentum": keras.optimizers.SGD}.get(
        optimizer_name, keras.optimizers.Adam
    )
    kwargs = {"learning_rate": 0.05}
    if optimizer_name == "momentum":
        kwargs["momentum"] = 0.9
    optimizer = cls(**kwargs)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    for variable in model.layers[0].weights:
        variable.trainable = False
    return model
