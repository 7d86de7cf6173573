# case: reduce_closure
# style: functional programming: partial, reduce over the layers, an inner closure, a one-line generator

# %% build_model
from functools import partial, reduce

def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    dense = partial(keras.layers.Dense, kernel_initializer="he_uniform")
    steps = (
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.TimeDistributed(dense(24, activation="relu")),
        keras.layers.GlobalAveragePooling1D(),
        dense(n_intents, activation="softmax"),
    )
    start = keras.Input((SENTENCE_LENGTH,))
    return keras.Model(start, reduce(lambda tensor, layer: layer(tensor), steps, start))

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    return model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=np.float32(0.01).item()),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    ) or model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    def run(**options):
        return model.fit(x, y, epochs=epochs, **options)

    return run(verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    return next(REPLIES[row.argmax()] for row in model.predict(vectorize([sentence]), verbose=0))
