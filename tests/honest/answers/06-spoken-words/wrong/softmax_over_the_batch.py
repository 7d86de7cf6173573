# case: softmax_over_the_batch
# style: softmax along axis 0, the clips of a batch
# fails: build_model_fits
# may: build_model_follows_sizes, loss_goes_down, every_weight_changes, new_voices_are_understood, compile_loss_fits_labels
# says: each row must sum to 1: softmax over axis 0 shares 1 among the clips of a batch, not among the words; use axis -1, which is the default

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Conv1D(48, 5, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_words),
        keras.layers.Softmax(axis=0),
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
    if counts.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
