# case: conv2d_channel_input
# style: Conv2D with keras.Input((frames, mel_bins, 1)) as the text allows; MNIST convnet style; np.unique over pairs

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential(
        [
            keras.Input(shape=(frames, mel_bins, 1)),
            keras.layers.Conv2D(16, kernel_size=(3, 3), padding="same", activation="relu"),
            keras.layers.MaxPooling2D(pool_size=(2, 2), padding="same"),
            keras.layers.Conv2D(32, kernel_size=(3, 3), padding="same", activation="relu"),
            keras.layers.MaxPooling2D(pool_size=(2, 2), padding="same"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(n_words, activation="softmax"),
        ]
    )
    return model

# %% compile_model
def compile_model(model):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    # Keras adds the channel axis itself
    history = model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return history

# %% most_confused
def most_confused(model, x, y):
    predicted = model.predict(x, verbose=0).argmax(axis=1)
    pairs = np.stack([y, predicted], axis=1)
    wrong = pairs[y != predicted]
    if len(wrong) == 0:
        return None
    unique_pairs, counts = np.unique(wrong, axis=0, return_counts=True)  # sorted, so the first maximum wins
    true, pred = unique_pairs[counts.argmax()]
    return int(true), int(pred)
