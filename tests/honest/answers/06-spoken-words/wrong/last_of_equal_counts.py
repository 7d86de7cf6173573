# case: last_of_equal_counts
# style: >= in the search for the largest count
# fails: ties_go_to_the_first
# says: of several pairs with the same count it takes the last one; with > instead of >= the first one stays

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Conv1D(32, 5, padding="same", activation="relu"))
    model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.Conv1D(64, 5, padding="same", activation="relu"))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.003),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    predicted = probabilities.argmax(axis=1)
    n = probabilities.shape[1]
    best, most = None, 1
    for true in range(n):
        for other in range(n):
            count = int(np.sum((y == true) & (predicted == other)))
            if true != other and count >= most:
                best, most = (true, other), count
    return best
