# case: epochs_as_batch_size
# style: passes epochs by position: the third parameter of fit is batch_size, so it runs one epoch only
# fails: fit_runs_every_epoch, loss_goes_down
# may: fit_returns_history, paraphrases_are_understood

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
    return model.fit(x, y, epochs)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    x = vectorize([sentence])
    probabilities = model.predict(x, verbose=0)[0]
    best = np.argmax(probabilities)
    return REPLIES[best]
