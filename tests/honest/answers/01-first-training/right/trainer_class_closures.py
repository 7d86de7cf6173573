# case: trainer_class_closures
# style: object-oriented: a small class does the work, custom Callback that keeps a count, decaying SGD rate

# %% compile_model
class Recipe:
    """How a model learns."""

    loss = "sparse_categorical_crossentropy"
    metrics = ["accuracy"]

    def __init__(self, rate):
        self.rate = keras.optimizers.schedules.ExponentialDecay(rate, decay_steps=100, decay_rate=0.9)

    def apply_to(self, model):
        model.compile(
            optimizer=keras.optimizers.SGD(self.rate),
            loss=self.loss,
            metrics=list(self.metrics),
        )
        return model


def compile_model(model):
    return Recipe(0.01).apply_to(model)

# %% train_model
class CountBatches(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.batches = 0

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_train_end(self, logs=None):
        print("the optimizer took", self.batches, "steps")


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, callbacks=[CountBatches()], verbose=0)

# %% first_layer_weights
class KernelReader:
    def __init__(self, model):
        self.model = model

    def __iter__(self):
        for layer in self.model.layers:
            for array in layer.get_weights()[:1]:
                yield np.array(array)


def first_layer_weights(model):
    first, *_ = KernelReader(model)
    return first

# %% weight_change
def weight_change(before, after):
    def measure():
        for old, new in zip(before, after):
            yield float(np.abs(np.asarray(old) - np.asarray(new)).max())

    return list(measure())
