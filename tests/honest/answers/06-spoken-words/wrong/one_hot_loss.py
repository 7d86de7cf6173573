# case: one_hot_loss
# style: categorical_crossentropy, with one-hot labels made in train_model
# fails: compile_loss_fits_labels
# may: compile_reports_accuracy, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, new_voices_are_understood
# says: the labels are word numbers, and categorical_crossentropy is for one-hot labels; use sparse_categorical_crossentropy and pass y on as it is

# %% build_model
def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(64, 7, padding="same", activation="relu")(clip)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dropout(0.1)(x)
    return keras.Model(clip, keras.layers.Dense(n_words, activation="softmax")(x))


# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    y = keras.utils.to_categorical(y, num_classes=model.output_shape[-1])
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


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
