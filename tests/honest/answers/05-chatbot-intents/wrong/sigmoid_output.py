# case: sigmoid_output
# style: sigmoid in the last layer: each intent gets a probability of its own, and they do not sum to 1
# fails: build_model_fits
# may: loss_goes_down, every_weight_changes, paraphrases_are_understood

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="sigmoid"),
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
