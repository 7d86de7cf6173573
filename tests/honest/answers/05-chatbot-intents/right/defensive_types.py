# case: defensive_types
# style: type hints, asserts and clear errors before every step

# %% build_model
def build_model(vocabulary_size: int, n_intents: int) -> keras.Model:
    """Build a network that takes word ids and gives a probability for each intent."""
    assert vocabulary_size >= 2, "padding and unknown are always there"
    assert n_intents >= 1, "at least one intent"
    inputs: keras.KerasTensor = keras.Input((SENTENCE_LENGTH,))
    embedded = keras.layers.Embedding(int(vocabulary_size), 16)(inputs)
    assert embedded.shape == (None, SENTENCE_LENGTH, 16), embedded.shape
    pooled = keras.layers.GlobalAveragePooling1D()(embedded)
    outputs = keras.layers.Dense(int(n_intents), activation="softmax")(pooled)
    assert outputs.shape == (None, n_intents), outputs.shape
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model: keras.Model) -> keras.Model:
    """Set how the model learns from intent numbers."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"expected a Keras model, got {type(model).__name__}")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    assert model.compiled
    return model

# %% train_model
def train_model(model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int) -> keras.callbacks.History:
    """Train a compiled model."""
    x = np.asarray(x)
    y = np.asarray(y)
    assert x.ndim == 2 and x.shape[1] == SENTENCE_LENGTH, f"x has shape {x.shape}"
    assert y.shape == (len(x),), f"y has shape {y.shape}"
    assert epochs > 0
    history = model.fit(x, y, epochs=epochs, verbose=0)
    assert len(history.epoch) == epochs
    return history

# %% reply
def reply(model: keras.Model, sentence: str) -> str:
    """Answer one sentence."""
    if not isinstance(sentence, str):
        raise TypeError("sentence must be text")
    probabilities = model.predict(vectorize([sentence]), verbose=0)
    assert probabilities.shape[0] == 1
    best: int = int(np.argmax(probabilities[0]))
    assert 0 <= best < len(REPLIES)
    return REPLIES[best]
