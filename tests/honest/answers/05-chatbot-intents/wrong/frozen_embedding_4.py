# case: frozen_embedding
# style: takes the table for a fixed lookup and sets trainable=False
# fails: every_weight_changes
# may: embedding_fits_vocabulary, loss_goes_down, paraphrases_are_understood

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16, trainable=False),
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
    x = vectorize([sentence])
    probabilities = model.predict(x, verbose=0)[0]
    best = np.argmax(probabilities)
    return REPLIES[best]
