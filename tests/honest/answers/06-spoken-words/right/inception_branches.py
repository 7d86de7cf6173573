# case: inception_branches
# style: three convolutions of different width side by side, concatenated; lambda

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.layers.Input(shape=(frames, mel_bins))
    conv = lambda width: keras.layers.Conv1D(24, width, padding="same", activation="relu")(inputs)
    merged = keras.layers.Concatenate()([conv(w) for w in (3, 5, 9)])
    pooled = keras.layers.GlobalMaxPooling1D()(merged)
    hidden = keras.layers.Dense(48, activation="relu")(pooled)
    outputs = keras.layers.Dense(n_words)(hidden)
    outputs = keras.layers.Activation("softmax")(outputs)
    return keras.models.Model(inputs=inputs, outputs=outputs)


# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate.assign(0.002)
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    for name, values in history.history.items():
        print(f"{name}: {values[0]:.2f} -> {values[-1]:.2f}")
    return history


# %% most_confused
def most_confused(model, x, y):
    scores = model.predict(x, verbose=0)
    n = scores.shape[1]
    counts = np.zeros((n, n), int)
    for true, guess in zip(y, scores.argmax(axis=1)):
        counts[true, guess] += 1
    mask = ~np.eye(n, dtype=bool)
    most = counts[mask].max()
    if most == 0:
        return None
    return tuple(np.argwhere((counts == most) & mask)[0])

