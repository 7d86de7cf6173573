# case: defensive_asserts
# style: very defensive: asserts and checks everywhere, casts to numpy, fits in float32, checks the history

# %% build_model
def build_model(frames, mel_bins, n_words):
    assert frames > 0 and mel_bins > 0, "a clip must not be empty"
    assert n_words > 1, "there must be at least two words"
    frames, mel_bins, n_words = int(frames), int(mel_bins), int(n_words)

    model = keras.Sequential(
        [
            keras.Input((frames, mel_bins)),
            keras.layers.Conv1D(32, min(5, frames), activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(n_words, activation="softmax"),
        ]
    )
    assert model.input_shape == (None, frames, mel_bins)
    assert model.output_shape == (None, n_words)
    assert model.count_params() < 1_000_000
    return model

# %% compile_model
def compile_model(model):
    if not isinstance(model, keras.Model):
        raise TypeError("compile_model needs a Keras model")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001, clipvalue=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    assert model.optimizer is not None
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    x = np.asarray(x, dtype=np.float32)
    y = np.asarray(y).astype(np.int64)
    assert x.ndim == 3, "clips have frames and mel bins"
    assert len(x) == len(y), "each clip needs its word"
    assert not np.isnan(x).any()
    history = model.fit(x, y, epochs=int(epochs), verbose=0)
    assert "loss" in history.history
    assert len(history.history["loss"]) == epochs
    return history

# %% most_confused
def most_confused(model, x, y):
    y = np.asarray(y)
    assert y.ndim == 1
    assert len(x) == len(y)
    probabilities = np.asarray(model.predict(np.asarray(x), verbose=0))
    assert probabilities.ndim == 2
    predicted = np.argmax(probabilities, axis=1)
    assert predicted.shape == y.shape

    if np.array_equal(predicted, y):
        return None

    n_words = probabilities.shape[1]
    largest = -1
    result = None
    for true in range(n_words):
        for guess in range(n_words):
            if true != guess:
                count = np.sum(np.logical_and(y == true, predicted == guess))
                if count > largest:
                    largest = count
                    result = (true, guess)
    assert result is not None and result[0] != result[1]
    return result
