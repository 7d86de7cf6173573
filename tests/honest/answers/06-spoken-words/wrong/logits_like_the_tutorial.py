# case: logits_like_the_tutorial
# style: the TensorFlow audio tutorial: no softmax, from_logits=True in the loss
# fails: build_model_fits, compile_loss_fits_labels
# may: build_model_follows_sizes, loss_goes_down, new_voices_are_understood
# borderline: the two functions fit each other, but not their descriptions; within fit, Keras may repair from_logits=True if it sees a softmax
# says: the rows do not sum to 1: the last Dense has no softmax; with softmax, the loss must do without from_logits=True

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Reshape((frames, mel_bins, 1)),
        keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(padding="same"),
        keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(padding="same"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(n_words),
    ])


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
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
