# case: tf_function_inside
# style: loss and gradients in a tf.function; copies of the live weights by NumPy; dict of lambdas

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    @tf.function
    def loss_and_gradients(features, targets):
        with tf.GradientTape() as tape:
            loss = loss_fn(targets, model(features))
        return loss, tape.gradient(loss, model.trainable_variables)

    loss, gradients = loss_and_gradients(tf.convert_to_tensor(x), tf.convert_to_tensor(y))
    for variable, gradient in zip(model.trainable_variables, gradients):
        variable.assign_sub(learning_rate * gradient)
    return float(loss)


# %% weight_trajectory
def copy_of_weights(model):
    return [weight.numpy().copy() for weight in model.weights]


class CopyEachEpoch(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.copies = [copy_of_weights(self.model)]

    def on_epoch_end(self, epoch, logs=None):
        self.copies += [copy_of_weights(self.model)]


def weight_trajectory(model, x, y, epochs):
    copier = CopyEachEpoch()
    model.fit(x, y, epochs=epochs, callbacks=copier, verbose=0)
    return copier.copies


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    make = {
        "sgd": lambda: keras.optimizers.SGD(0.15),
        "momentum": lambda: keras.optimizers.SGD(0.02, momentum=0.9),
        "adam": lambda: keras.optimizers.Adam(0.02),
    }
    model.compile(optimizer=make[optimizer_name](), loss="mse")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    setattr(model.layers[0], "trainable", False)
    return model
