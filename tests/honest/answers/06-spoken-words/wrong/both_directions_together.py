# case: both_directions_together
# style: adds "go" for "no" and "no" for "go"
# fails: most_confused_is_found
# may: ties_go_to_the_first
# says: the two directions were added up; "go" taken for "no" and "no" taken for "go" are two different mistakes, so count them apart

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
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, probabilities.argmax(axis=1)), 1)
    both = np.triu(counts + counts.T, k=1)
    if both.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(both.argmax(), both.shape))
