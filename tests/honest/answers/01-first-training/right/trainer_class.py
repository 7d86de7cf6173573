# case: trainer_class
# style: a class holds the whole procedure and the asked functions only call it

# %% compile_model
class Trainer:
    """Compile, fit and look into one model."""

    LEARNING_RATE = 0.01

    def __init__(self, model):
        self.model = model

    def compile(self):
        self.model.compile(
            optimizer=keras.optimizers.Adam(learning_rate=self.LEARNING_RATE, beta_1=0.9),
            loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum_over_batch_size"),
            metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
        )
        return self.model

    def fit(self, x, y, epochs):
        self.history = self.model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
        return self.history

    @property
    def kernel(self):
        for layer in self.model.layers:
            if layer.weights:
                return layer.get_weights()[0].copy()
        return None

    @staticmethod
    def change(before, after):
        return [float(np.nanmax(np.fabs(new - old))) for old, new in zip(before, after)]


def compile_model(model):
    return Trainer(model).compile()


# %% train_model
def train_model(model, x, y, epochs=5):
    return Trainer(model).fit(x, y, epochs)


# %% first_layer_weights
def first_layer_weights(model):
    return Trainer(model).kernel


# %% weight_change
def weight_change(before, after):
    return Trainer.change(before, after)
