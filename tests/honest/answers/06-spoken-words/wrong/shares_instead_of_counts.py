# case: shares_instead_of_counts
# style: a confusion matrix normalized by row, as in many plots
# fails: most_confused_is_found
# may: ties_go_to_the_first
# borderline: with the same number of clips for every word, shares and counts agree
# says: it compares shares: each row was divided by its number of clips; count clips

# %% build_model
def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(64, 7, padding="same", activation="relu")(clip)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dropout(0.1)(x)
    return keras.Model(clip, keras.layers.Dense(n_words, activation="softmax")(x))


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
    cm = np.zeros((n, n))
    np.add.at(cm, (y, probabilities.argmax(axis=1)), 1)
    cm = cm / np.maximum(cm.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(cm, 0)
    if cm.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(cm.argmax(), cm.shape))
