# case: nested_functional_encoder
# style: a functional text CNN with three kernel widths is one layer of the Sequential model

# %% build_model
def build_model(vocabulary_size, n_intents):
    L = keras.layers
    words = keras.Input((SENTENCE_LENGTH,), dtype="int32", name="ids")
    vectors = L.Embedding(vocabulary_size, 24)(words)
    branches = []
    for width in (1, 2, 3):
        h = L.Conv1D(16, width, padding="same", activation="relu")(vectors)
        branches.append(L.GlobalMaxPooling1D()(h))
    encoder = keras.Model(words, L.Concatenate()(branches), name="encoder")

    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,), dtype="int32"),
        encoder,
        L.Dropout(0.2),
        L.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs):
    order = np.random.permutation(len(x))
    return model.fit(x[order], y[order], epochs=epochs, batch_size=24, verbose=0)


# %% reply
def reply(model, sentence):
    probabilities = model.predict(np.vstack([vectorize([sentence])]), verbose=0)
    return REPLIES[int(np.argmax(probabilities, axis=1)[0])]

