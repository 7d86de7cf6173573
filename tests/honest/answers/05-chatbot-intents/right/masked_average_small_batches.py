# case: masked_average_small_batches
# style: mask_zero=True before the average, two hidden layers; plain "adam" by name with batches of 8; positional arguments

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 64, mask_zero=True),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile("adam", "sparse_categorical_crossentropy", None, ["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, 8, epochs)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    [probabilities] = model.predict(vectorize([sentence]), verbose=0)
    return REPLIES[probabilities.argmax()]
