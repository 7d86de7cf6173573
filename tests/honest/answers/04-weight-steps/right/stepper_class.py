# case: stepper_class
# style: a class with __call__ takes the step; a list of fixed length is filled in by number

# %% gradient_step
class Stepper:
    def __init__(self, model, loss_fn, learning_rate):
        self.model = model
        self.loss_fn = loss_fn
        self.learning_rate = learning_rate

    def __call__(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss_fn(y, self.model(x))
        self.descend(tape.gradient(loss, self.model.trainable_weights))
        return float(loss)

    def descend(self, gradients):
        for number, gradient in enumerate(gradients):
            self.model.trainable_weights[number].assign_sub(self.learning_rate * gradient)


def gradient_step(model, loss_fn, x, y, learning_rate):
    return Stepper(model, loss_fn, learning_rate)(x, y)


# %% weight_trajectory
class Album(keras.callbacks.Callback):
    def __init__(self, epochs):
        super().__init__()
        self.pages = [None] * (epochs + 1)

    def on_train_begin(self, logs={}):
        self.pages[0] = self.model.get_weights()

    def on_epoch_end(self, epoch, logs={}):
        self.pages[epoch + 1] = self.model.get_weights()


def weight_trajectory(model, x, y, epochs):
    album = Album(epochs)
    model.fit(x, y, epochs=epochs, verbose=0, callbacks=[album])
    return album.pages


# %% train_with
SETTINGS_OF = {
    "sgd": (keras.optimizers.SGD, {"learning_rate": 0.1}),
    "momentum": (keras.optimizers.SGD, {"learning_rate": 0.05, "momentum": 0.9}),
    "adam": (keras.optimizers.Adam, {"learning_rate": 0.01}),
}


def train_with(optimizer_name, model, x, y, epochs):
    make, settings = SETTINGS_OF[optimizer_name]
    model.compile(optimizer=make(**settings), loss=keras.losses.MeanSquaredError())
    return model.fit(x=x, y=y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    layer = model.layers[0]
    layer.trainable = False
    assert not layer.trainable_weights
    return model
