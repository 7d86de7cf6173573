# case: logits_loss_on_softmax
# style: from_logits=True although the model already ends in softmax
# fails: compile_loss_fits_labels
# may: loss_goes_down, every_weight_changes, paraphrases_are_understood
# borderline: Keras on TensorFlow notices the softmax in graph mode, warns, and trains correctly all the same; called on plain numbers the loss applies softmax a second time

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
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
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
