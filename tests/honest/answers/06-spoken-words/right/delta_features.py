# case: delta_features
# style: a Lambda adds the difference to the frame before (delta features of audio); hidden Dense with L2

# %% build_model
def with_deltas(clips):
    before = keras.ops.concatenate([clips[:, :1], clips[:, :-1]], axis=1)
    return keras.ops.concatenate([clips, clips - before], axis=-1)


def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Lambda(with_deltas, output_shape=(frames, 2 * mel_bins)))
    model.add(keras.layers.Conv1D(64, 5, padding="same", activation="relu"))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(32, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-5)))
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model


# %% compile_model
def word_loss(y_true, y_pred):
    return keras.losses.sparse_categorical_crossentropy(y_true, y_pred)


def compile_model(model):
    model.compile(loss=word_loss, optimizer=keras.optimizers.Adam(0.002), metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    shuffled = np.random.permutation(len(x))
    return model.fit(x[shuffled], y[shuffled], epochs=epochs, batch_size=16, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    guesses = []
    for start in range(0, len(x), 100):
        guesses.extend(model.predict_on_batch(x[start:start + 100]).argmax(axis=1))
    best, best_count = None, 0
    for pair in sorted(set(zip(y.tolist(), map(int, guesses)))):
        count = sum(1 for t, g in zip(y, guesses) if (t, g) == pair)
        if pair[0] != pair[1] and count > best_count:
            best, best_count = pair, count
    return best

