# case: hand_masked_match
# style: averages only the real words with a mask made by hand from the ids; walrus and match statements

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    ops = keras.ops
    ids = keras.Input((SENTENCE_LENGTH,), dtype="int32")
    rows = keras.layers.Embedding(vocabulary_size, 16)(ids)
    is_word = ops.expand_dims(ops.cast(ops.not_equal(ids, 0), "float32"), axis=-1)
    total = ops.sum(rows * is_word, axis=1)
    how_many = ops.maximum(ops.sum(is_word, axis=1), 1.0)  # an empty sentence must not divide by zero
    outputs = keras.layers.Dense(n_intents, activation="softmax")(total / how_many)
    return keras.Model(ids, outputs)

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=(adam := keras.optimizers.Adam(learning_rate=0.01)),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    print(f"learning with {adam.name}")
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    if (n := len(x)) != len(y):
        raise ValueError(f"{n} sentences but {len(y)} labels")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    match model.predict(vectorize([sentence]), verbose=0).argmax(axis=-1).tolist():
        case [intent]:
            return REPLIES[intent]
        case several:
            raise ValueError(f"expected one intent, got {several}")
