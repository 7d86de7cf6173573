# case: tiny_steps
# style: learning rate 1e-6 "to be careful": the loss hardly moves in 15 epochs
# fails: loss_goes_down, new_voices_are_understood
# may: compile_sets_optimizer, every_weight_changes

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(32, 5, padding="same", activation="relu")(inputs)
    x = keras.layers.MaxPooling1D(4, padding="same")(x)
    x = keras.layers.Flatten()(x)
    outputs = keras.layers.Dense(n_words, activation="softmax")(x)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
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
