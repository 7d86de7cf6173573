# case: fancy_index_counts_once
# style: counts[y, predicted] += 1, which adds 1 only once for each pair
# fails: most_confused_is_found
# says: every count is 0 or 1: counts[y, predicted] += 1 adds a pair only once, however often it occurs; use np.add.at or a loop

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Conv1D(48, 5, activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


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
    counts = np.zeros((probabilities.shape[1],) * 2, dtype=int)
    counts[y, predicted] += 1
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    true, wrong = np.unravel_index(counts.argmax(), counts.shape)
    return int(true), int(wrong)
