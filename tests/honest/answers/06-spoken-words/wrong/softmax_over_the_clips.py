# case: softmax_over_the_clips
# style: softmax along axis 0 (as dim=0 in PyTorch): each word's column sums to 1 over the clips of the batch
# fails: build_model_fits
# may: build_model_follows_sizes, loss_goes_down, every_weight_changes, new_voices_are_understood

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(32, 5, padding="same", activation="relu")(inputs)
    x = keras.layers.MaxPooling1D(4, padding="same")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(n_words)(x)
    outputs = keras.ops.softmax(x, axis=0)
    return keras.Model(inputs, outputs)

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
