# case: lambda_mean
# style: a Lambda layer with keras.ops.mean in place of the pooling layer; softmax as a layer of its own

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    return keras.Sequential(
        [
            keras.Input((SENTENCE_LENGTH,)),
            keras.layers.Embedding(vocabulary_size, 16),
            keras.layers.Lambda(lambda rows: keras.ops.mean(rows, axis=1), name="average"),
            keras.layers.Dense(n_intents),
            keras.layers.Softmax(),
        ]
    )

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(name="nll"),
        metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    fit = model.fit
    return fit(x, y, epochs=epochs, verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    best = keras.ops.argmax(model(vectorize([sentence])), axis=-1)
    return REPLIES[int(best[0])]
