# case: pair_backwards
# style: rows are predictions and columns the truth, so the pair is (predicted, true)
# fails: most_confused_is_found
# may: ties_go_to_the_first
# says: the pair is the wrong way round: first the true word, then the predicted one

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
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    predicted = model.predict(x, verbose=0)
    n = predicted.shape[1]
    predicted = predicted.argmax(axis=1)
    matrix = np.zeros((n, n), dtype=int)
    for p, t in zip(predicted, y):
        matrix[p][t] += 1
    np.fill_diagonal(matrix, 0)
    if matrix.sum() == 0:
        return None
    return np.unravel_index(matrix.argmax(), matrix.shape)
