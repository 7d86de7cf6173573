# case: two_experts_average
# style: a Dense and a convolutional network whose probabilities are averaged

# %% build_model
def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))

    flat = keras.layers.Flatten()(clip)
    flat = keras.layers.Dense(64, activation="relu")(flat)
    flat = keras.layers.Dropout(0.3)(flat)
    by_position = keras.layers.Dense(n_words, activation="softmax")(flat)

    conv = keras.layers.Conv1D(64, 5, activation="relu")(clip)
    conv = keras.layers.GlobalMaxPooling1D()(conv)
    by_sound = keras.layers.Dense(n_words, activation="softmax")(conv)

    return keras.Model(clip, keras.layers.Average()([by_position, by_sound]))


# %% compile_model
def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.003, decay_steps=100, decay_rate=0.9)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=schedule),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.zeros(n * n, dtype=np.int64)
    for number in y * n + np.argmax(probabilities, axis=1):
        if number // n != number % n:
            counts[number] += 1
    if counts.sum() == 0:
        return None
    return np.divmod(counts.argmax(), n)

