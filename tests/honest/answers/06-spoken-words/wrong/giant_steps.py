# case: giant_steps
# style: Adam with a learning rate of 1
# fails: new_voices_are_understood
# may: loss_goes_down, every_weight_changes, compile_sets_optimizer, most_confused_is_found
# says: the learning rate of 1 is a thousand times the usual one: the steps are so large that the model does not learn; leave Adam's 0.001

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=1.0)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
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
