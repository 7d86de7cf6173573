# case: worst_word_first
# style: takes the word with the most mistakes, then what it is most often taken for
# fails: most_confused_is_found
# may: ties_go_to_the_first
# says: the word with the most mistakes in all need not have the most frequent single mistake: look for the largest count in the whole matrix

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
    model.compile(optimizer=keras.optimizers.Adam(0.003),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=2)
    return history


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, probabilities.argmax(axis=1)), 1)
    np.fill_diagonal(counts, 0)
    if not counts.any():
        return None
    hardest = counts.sum(axis=1).argmax()
    return int(hardest), int(counts[hardest].argmax())
