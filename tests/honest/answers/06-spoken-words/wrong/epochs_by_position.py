# case: epochs_by_position
# style: fit(x, y, epochs): the third parameter is the batch size
# fails: fit_runs_every_epoch
# may: loss_goes_down, new_voices_are_understood
# says: training ran for one epoch only: the third argument of fit is batch_size, so write epochs=epochs

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
    history = model.fit(x, y, epochs, verbose=0)
    return history


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, probabilities.argmax(axis=1)), 1)
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
