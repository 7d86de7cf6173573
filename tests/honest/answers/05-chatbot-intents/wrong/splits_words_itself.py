# case: splits_words_itself
# style: looks the words up with sentence.split() instead of vectorize: capitals and punctuation make words unknown
# fails: reply_takes_any_spelling
# may: reply_asks_the_model

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    ids = [WORD_IDS.get(word, 1) for word in sentence.split()]
    ids = ids[:SENTENCE_LENGTH]
    ids = [0] * (SENTENCE_LENGTH - len(ids)) + ids
    probabilities = model.predict(np.array([ids]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
