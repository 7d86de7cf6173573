# case: ids_into_dense
# style: no Embedding at all: calculates with the ids as if they were quantities
# fails: embedding_fits_vocabulary
# may: loss_goes_down, every_weight_changes, paraphrases_are_understood, build_model_fits
# borderline: one could say that 'any Keras model of these shapes is accepted'; but the text says that we cannot calculate with ids and that the first layer replaces each id by a row

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    model = keras.Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Rescaling(1.0 / vocabulary_size))
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
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
