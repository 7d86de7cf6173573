# case: full_height_conv2d
# style: Conv2D with a kernel as high as the spectrogram, then max over time; recursion-free generator expressions

# %% build_model
def build_model(frames, mel_bins, n_words):
    width = 5
    inputs = keras.Input((frames, mel_bins))
    h = keras.layers.Reshape((frames, mel_bins, 1))(inputs)
    h = keras.layers.Conv2D(48, (width, mel_bins), activation="relu")(h)
    h = keras.layers.Reshape((frames - width + 1, 48))(h)
    h = keras.layers.GlobalMaxPooling1D()(h)
    h = keras.layers.Dropout(0.1)(h)
    outputs = keras.layers.Dense(n_words, activation="softmax")(h)
    return keras.Model(inputs, outputs)


# %% compile_model
def compile_model(model):
    kwargs = dict(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    kwargs["optimizer"] = keras.optimizers.Adam(learning_rate=0.003)
    model.compile(**kwargs)
    return model


# %% train_model
def train_model(model, x, y, epochs=5, **kwargs):
    kwargs.setdefault("batch_size", 16)
    kwargs.setdefault("verbose", 0)
    return model.fit(x, y, epochs=epochs, **kwargs)


# %% most_confused
def most_confused(model, x, y):
    """Count, sort, take the first."""
    probabilities = model.predict(x, verbose=0)
    words = range(probabilities.shape[1])
    heard = [max(words, key=row.__getitem__) for row in probabilities]
    pairs = [(int(t), int(h)) for t, h in zip(y, heard)]
    table = sorted(
        (-pairs.count((t, h)), t, h) for t in words for h in words if t != h
    )
    count, true, predicted = table[0]
    return (true, predicted) if count else None

