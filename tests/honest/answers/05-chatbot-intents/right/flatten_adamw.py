# case: flatten_adamw
# style: Flatten and a regularized hidden layer, AdamW with clipnorm; watches some of the data as validation_data (still trains on all)

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    l2 = keras.regularizers.L2(1e-5)
    model = keras.Sequential(name="flat_otto")
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 16, embeddings_initializer="he_normal"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(64, activation="relu", kernel_regularizer=l2))
    model.add(keras.layers.Dropout(0.4))
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
    return model

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    optimizer = keras.optimizers.AdamW(learning_rate=0.005, weight_decay=1e-3, clipnorm=1.0)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    watched = slice(None, None, 10)
    return model.fit(x, y, epochs=epochs, verbose=0, validation_data=(x[watched], y[watched]))

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0))]
