# case: too_many_weights
# style: two wide Dense layers after Flatten: 1.2 million weights
# fails: build_model_fits
# may: build_model_follows_sizes, loss_goes_down, every_weight_changes, new_voices_are_understood

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Flatten(),
        keras.layers.Dense(1024, activation="relu"),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(n_words, activation="softmax"),
    ])

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n = p.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, p.argmax(axis=1)), 1)
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
