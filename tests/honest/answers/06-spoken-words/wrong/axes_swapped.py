# case: axes_swapped
# style: thinks of the picture: pitch first, then time
# fails: build_model_fits, build_model_follows_sizes
# may: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, new_voices_are_understood, most_confused_is_found
# says: the input has the two sizes the wrong way round: a clip is frames times mel_bins, as in keras.Input((frames, mel_bins))

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((mel_bins, frames))          # height, width
    x = keras.layers.Conv1D(32, 5, activation="relu", padding="same")(inputs)
    x = keras.layers.GlobalMaxPooling1D()(x)
    outputs = keras.layers.Dense(n_words, activation="softmax")(x)
    return keras.Model(inputs, outputs)


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
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, probabilities.argmax(axis=1)), 1)
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
