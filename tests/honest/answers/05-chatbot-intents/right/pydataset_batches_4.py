# case: pydataset_batches
# style: a keras.utils.PyDataset (like a PyTorch Dataset and DataLoader) that shuffles after each epoch

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    encoder = keras.Sequential(
        [keras.layers.Embedding(vocabulary_size, 16), keras.layers.GlobalAveragePooling1D()], name="encoder"
    )
    head = keras.layers.Dense(n_intents, activation="softmax", name="head")
    inputs = keras.Input((SENTENCE_LENGTH,))
    return keras.Model(inputs, head(encoder(inputs)))

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01, amsgrad=True),
        loss=keras.losses.get("sparse_categorical_crossentropy"),
        metrics=[keras.metrics.get("sparse_categorical_accuracy")],
    )
    return model

# %% train_model
import math


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.x = np.asarray(x)
        self.y = np.asarray(y)
        self.batch_size = batch_size
        self.rng = np.random.default_rng(1)
        self.order = self.rng.permutation(len(self.x))

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[chosen], self.y[chosen]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))


def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(Batches(x, y), epochs=epochs, verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    for probabilities in model.predict(vectorize([sentence]), verbose=0):
        return REPLIES[int(probabilities.argmax())]
