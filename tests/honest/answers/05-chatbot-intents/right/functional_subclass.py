# case: functional_subclass
# style: a class whose __init__ builds the graph and hands inputs and outputs to super().__init__

# %% build_model
class IntentModel(keras.Model):
    """Embedding, max pooling, softmax."""

    def __init__(self, vocabulary_size, n_intents, **kwargs):
        inputs = keras.Input((SENTENCE_LENGTH,), name="ids")
        table = keras.layers.Embedding(vocabulary_size, 20, name="table")(inputs)
        strongest = keras.layers.GlobalMaxPooling1D(name="strongest")(table)
        outputs = keras.layers.Dense(n_intents, activation="softmax", name="intents")(strongest)
        super().__init__(inputs=inputs, outputs=outputs, **kwargs)


def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    return IntentModel(vocabulary_size=vocabulary_size, n_intents=n_intents, name="otto")

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=keras.optimizers.Adamax(learning_rate=0.02),
        loss=keras.losses.sparse_categorical_crossentropy,
        metrics=[keras.metrics.sparse_categorical_accuracy],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x=x, y=y, epochs=epochs, verbose="auto")

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    probabilities = model.predict_on_batch(vectorize([sentence]))
    return REPLIES[int(np.argmax(probabilities, axis=1)[0])]
