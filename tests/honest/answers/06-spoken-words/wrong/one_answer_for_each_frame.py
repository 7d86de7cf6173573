# case: one_answer_for_each_frame
# style: no Flatten and no global pooling before the last Dense
# fails: build_model_fits, build_model_follows_sizes
# may: compile_loss_fits_labels, compile_reports_accuracy, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, new_voices_are_understood, most_confused_is_found
# says: the output has one row for each frame; it needs one row for each clip: put Flatten or GlobalMaxPooling1D before the last Dense

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Conv1D(32, 5, activation="relu"))
    model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model


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
