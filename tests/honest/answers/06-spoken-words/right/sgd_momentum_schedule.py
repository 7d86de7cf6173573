# case: sgd_momentum_schedule
# style: SGD with Nesterov momentum and exponential decay, L2 regularizer, validation split, histogram2d

# %% build_model
def build_model(frames, mel_bins, n_words):
    l2 = keras.regularizers.L2(1e-4)
    model = keras.Sequential()
    model.add(keras.Input(shape=(frames, mel_bins)))
    model.add(keras.layers.Conv1D(32, 5, activation="relu", padding="same", kernel_regularizer=l2))
    model.add(keras.layers.MaxPool1D(4, padding="same"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(64, activation="relu", kernel_regularizer=l2))
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model

# %% compile_model
def compile_model(model):
    lr = keras.optimizers.schedules.ExponentialDecay(0.02, decay_steps=200, decay_rate=0.9)
    sgd = keras.optimizers.SGD(learning_rate=lr, momentum=0.9, nesterov=True)
    model.compile(optimizer=sgd, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    # keep some clips to see whether it overfits; shuffle first, fit takes the last ones
    order = np.random.default_rng(0).permutation(len(x))
    return model.fit(x[order], y[order], epochs=epochs, validation_split=0.1, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    predicted = model.predict(x, verbose=0)
    n = predicted.shape[1]
    edges = np.arange(n + 1) - 0.5
    counts, _, _ = np.histogram2d(y, predicted.argmax(axis=1), bins=(edges, edges))
    counts[np.eye(n, dtype=bool)] = 0
    if not counts.any():
        return None
    true, pred = np.nonzero(counts == counts.max())
    return int(true[0]), int(pred[0])
