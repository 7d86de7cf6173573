# case: impatient_early_stopping
# style: EarlyStopping that wants 0.2 less loss in every epoch
# fails: fit_runs_every_epoch
# may: loss_goes_down, new_voices_are_understood
# borderline: in two or three epochs it may not stop yet; in 20 it must, because the loss cannot fall by 0.2 twenty times
# says: training ended early: EarlyStopping stops it; go through the data `epochs` times

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Conv1D(48, 5, activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
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
    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=0.2, patience=0)
    return model.fit(x, y, epochs=epochs, batch_size=16, callbacks=[stop], verbose=0)


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
