# case: two_pools
# style: average and maximum of the words side by side, batch normalization, helper functions with a leading underscore

# %% build_model
def _pooled(rows):
    average = keras.layers.GlobalAveragePooling1D()(rows)
    maximum = keras.layers.GlobalMaxPooling1D()(rows)
    return keras.layers.concatenate([average, maximum])


def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    inputs = keras.Input((SENTENCE_LENGTH,))
    x = _pooled(keras.layers.Embedding(vocabulary_size, 16)(inputs))
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    x = keras.layers.Dropout(0.2)(x)
    x = keras.layers.Dense(n_intents)(x)
    return keras.Model(inputs, keras.layers.Activation("softmax")(x))

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)

# %% reply
def _best(probabilities):
    return max(range(len(probabilities)), key=lambda i: probabilities[i])


def reply(model, sentence):
    """Answer one sentence."""
    return REPLIES[_best(model.predict(vectorize([sentence]), verbose=0)[0])]
