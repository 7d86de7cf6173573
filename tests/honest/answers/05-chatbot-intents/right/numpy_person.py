# case: numpy_person
# style: NumPy everywhere: shuffles with a permutation, argsort for the best intent, an array of replies (returns numpy.str_)

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    width = int(np.ceil(np.sqrt(256)))
    return keras.Sequential(
        [
            keras.Input((SENTENCE_LENGTH,), dtype="int32"),
            keras.layers.Embedding(np.int64(vocabulary_size).item(), width),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(n_intents, "softmax"),
        ]
    )

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(keras.optimizers.Adam(10.0**-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    x, y = np.asarray(x), np.asarray(y)
    order = np.random.default_rng(0).permutation(y.shape[0])
    return model.fit(x[order].astype(np.int32), y[order].astype(np.int32), epochs=epochs, verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    p = np.squeeze(np.asarray(model(vectorize([sentence]))), axis=0)
    texts = np.array(REPLIES)
    return texts[np.argsort(p)[-1]]
