# case: flatten_dense
# style: the Dense way of the text, with dropout; np.add.at and unravel_index

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(n_words, activation="softmax"),
    ])
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    predicted = probabilities.argmax(axis=1)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, predicted), 1)
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    true, taken_for = np.unravel_index(counts.argmax(), counts.shape)
    return int(true), int(taken_for)

