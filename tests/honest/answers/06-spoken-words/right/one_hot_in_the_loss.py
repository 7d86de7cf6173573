# case: one_hot_in_the_loss
# style: own loss function that makes the one-hot rows itself, then the cross-entropy; TimeDistributed; bincount for each word

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    # the same small network for each frame, then all frames together
    hidden = keras.layers.TimeDistributed(keras.layers.Dense(16, activation="relu"))(inputs)
    hidden = keras.layers.Flatten()(hidden)
    hidden = keras.layers.Dense(64, activation="relu")(hidden)
    outputs = keras.layers.Dense(n_words, activation="softmax")(hidden)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    def cross_entropy(y_true, y_pred):
        n = y_pred.shape[-1]
        numbers = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
        rows = keras.ops.one_hot(numbers, n)
        return keras.losses.categorical_crossentropy(rows, y_pred)

    model.compile(optimizer="adam", loss=cross_entropy, metrics=["sparse_categorical_accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    heard = probabilities.argmax(axis=1)
    table = []
    for word in range(n):
        row = np.bincount(heard[y == word], minlength=n)
        row[word] = 0
        table.append(row)
    table = np.array(table)
    if table.sum() == 0:
        return None
    true = np.argmax(table.max(axis=1))
    return int(true), int(np.argmax(table[true]))
