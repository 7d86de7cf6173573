# case: diagonal_counts_too
# style: forgets to leave out the diagonal
# fails: most_confused_is_found
# may: ties_go_to_the_first
# says: the pair has the same word twice: the diagonal holds the right answers; look only at the counts off the diagonal

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Conv1D(32, 5, padding="same", activation="relu"))
    model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.Conv1D(64, 5, padding="same", activation="relu"))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(),
        optimizer=keras.optimizers.Adam(learning_rate=0.002),
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=2)
    return history


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    predicted = probabilities.argmax(axis=1)
    if np.array_equal(predicted, y):
        return None
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    for i in range(len(y)):
        counts[y[i], predicted[i]] += 1
    return tuple(int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
