# case: accuracy_class
# style: keras.metrics.Accuracy() asks whether the probabilities equal the class number, instead of comparing the most probable class
# fails: compile_reports_accuracy
# may: loss_goes_down, every_weight_changes, paraphrases_are_understood
# borderline: the docstring says 'accuracy', and this class has that name; but it does not measure the share of right intents, and fit may stop with an error about shapes

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
        metrics=[keras.metrics.Accuracy()],
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
