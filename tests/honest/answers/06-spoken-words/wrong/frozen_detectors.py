# case: frozen_detectors
# style: trainable=False at the convolution, as for a ready-made network
# fails: every_weight_changes
# may: loss_goes_down, new_voices_are_understood
# says: the detectors never change: the convolution has trainable=False, so its random numbers stay; let it train

# %% build_model
def build_model(frames, mel_bins, n_words):
    base = keras.layers.Conv1D(64, 5, padding="same", activation="relu")
    base.trainable = False
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        base,
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


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
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=2)
    return history


# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    counts = np.zeros((p.shape[1], p.shape[1]), dtype=int)
    for true, predicted in zip(y, np.argmax(p, axis=1)):
        if true != predicted:
            counts[true, predicted] += 1
    if not counts.any():
        return None
    row, column = np.unravel_index(np.argmax(counts), counts.shape)
    return row, column
