# case: zero_zero_without_mistakes
# style: does not think of a model without mistakes: argmax of zeros is (0, 0)
# fails: no_mistake_gives_none
# says: without any mistake the result is (0, 0), which is no mistake; return None if the largest count is 0

# %% build_model
def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(64, 7, padding="same", activation="relu")(clip)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dropout(0.1)(x)
    return keras.Model(clip, keras.layers.Dense(n_words, activation="softmax")(x))


# %% compile_model
def compile_model(model):
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(),
        optimizer=keras.optimizers.Adam(learning_rate=0.002),
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.bincount(y * n + probabilities.argmax(axis=1), minlength=n * n).reshape(n, n)
    counts = counts - np.diag(counts.diagonal())
    return divmod(int(counts.argmax()), n)
