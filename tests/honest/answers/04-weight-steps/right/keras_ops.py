# case: keras_ops
# style: keras.ops instead of tf and NumPy functions; getattr finds the optimizer class

# %% gradient_step
from keras import ops


def gradient_step(model, loss_fn, x, y, learning_rate):
    features, targets = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    with tf.GradientTape() as tape:
        loss = ops.sum(loss_fn(targets, model(features)))
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients):
        variable.assign(ops.subtract(variable, ops.multiply(learning_rate, gradient)))
    return ops.convert_to_numpy(loss).item()


# %% weight_trajectory
from keras.callbacks import Callback


class Trail(Callback):
    def __init__(self, model):
        super().__init__()
        self.trail = [[ops.convert_to_numpy(w).copy() for w in model.weights]]

    def on_epoch_end(self, epoch, logs=None):
        self.trail.append([ops.convert_to_numpy(w).copy() for w in self.model.weights])


def weight_trajectory(model, x, y, epochs):
    trail = Trail(model)
    model.fit(x, y, epochs=epochs, callbacks=[trail], verbose=0)
    return trail.trail


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    class_name, *arguments = {
        "sgd": ("SGD", 0.1),
        "momentum": ("SGD", 0.02, 0.9),
        "adam": ("Adam", 0.02),
    }[optimizer_name]
    optimizer = getattr(keras.optimizers, class_name)(*arguments)
    model.compile(optimizer, "mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    frozen = model.layers[:1]
    for layer in frozen:
        layer.trainable = False
    return model
