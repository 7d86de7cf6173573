# case: subclass_called_on_input
# style: a subclass of keras.Model with __init__ and call (PyTorch habit), built by calling it on keras.Input

# %% build_model
class OttoNet(keras.Model):
    def __init__(self, vocabulary_size, n_intents, width=16):
        super().__init__()
        self.embedding = keras.layers.Embedding(vocabulary_size, width)
        self.pool = keras.layers.GlobalAveragePooling1D()
        self.classifier = keras.layers.Dense(n_intents, activation="softmax")

    def call(self, ids):
        x = self.embedding(ids)
        x = self.pool(x)
        return self.classifier(x)


def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    net = OttoNet(vocabulary_size, n_intents)
    net(keras.Input((SENTENCE_LENGTH,)))  # creates the weights
    return net

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    optimizer = keras.optimizers.Adam(learning_rate=1e-2)
    criterion = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer, criterion, metrics=[keras.metrics.SparseCategoricalAccuracy()])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    keras.utils.set_random_seed(0)
    return model.fit(x, y, batch_size=16, epochs=epochs, shuffle=True, verbose=2)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    batch = vectorize([sentence])
    probs = keras.ops.convert_to_numpy(model(batch, training=False))
    return REPLIES[probs.argmax(axis=1).item()]
