# case: cosine_schedule
# style: a learning-rate schedule object in Adam; other initializers; keyword arguments only

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    ids = keras.Input(shape=(SENTENCE_LENGTH,), dtype="int32", name="word_ids")
    table = keras.layers.Embedding(
        input_dim=vocabulary_size,
        output_dim=16,
        embeddings_initializer=keras.initializers.RandomNormal(mean=0.0, stddev=0.1),
        name="table",
    )
    average = keras.layers.GlobalAveragePooling1D(name="average")
    probabilities = keras.layers.Dense(
        units=n_intents,
        activation=keras.activations.softmax,
        kernel_initializer="lecun_normal",
        bias_initializer="zeros",
        name="probabilities",
    )
    return keras.Model(inputs=ids, outputs=probabilities(average(table(ids))), name="otto")

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    schedule = keras.optimizers.schedules.CosineDecay(initial_learning_rate=0.02, decay_steps=2000, alpha=0.1)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=schedule),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x=x, y=y, batch_size=32, epochs=epochs, shuffle=True, verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    probabilities = model.predict(x=vectorize(sentences=[sentence]), batch_size=1, verbose=0)
    return REPLIES[np.argmax(a=probabilities[0, :])]
