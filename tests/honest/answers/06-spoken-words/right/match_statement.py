# case: match_statement
# style: layers chosen with a match statement, walrus, itertools.permutations, structural matching of the result

# %% build_model
def build_model(frames, mel_bins, n_words, kind="convolution"):
    match kind:
        case "dense":
            middle = [keras.layers.Flatten(), keras.layers.Dense(128, activation="relu")]
        case "convolution":
            middle = [
                keras.layers.Conv1D(32, 5, padding="same", activation="relu"),
                keras.layers.MaxPooling1D(2, padding="same"),
                keras.layers.Conv1D(64, 5, padding="same", activation="relu"),
                keras.layers.MaxPooling1D(2, padding="same"),
                keras.layers.Flatten(),
            ]
        case _:
            raise ValueError(f"unknown kind of network: {kind}")
    return keras.Sequential(
        [keras.Input((frames, mel_bins)), *middle, keras.layers.Dense(n_words, activation="softmax")]
    )

# %% compile_model
def compile_model(model, optimizer="adam"):
    model.compile(
        optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    if (history := model.fit(x, y, epochs=epochs, verbose=0)) is None:
        raise RuntimeError("fit gave no history")
    return history

# %% most_confused
from itertools import permutations


def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    heard = probabilities.argmax(axis=1)

    def count(pair):
        return int(np.sum((y == pair[0]) & (heard == pair[1])))

    ranking = sorted(
        ((-n, pair) for pair in permutations(range(probabilities.shape[1]), 2) if (n := count(pair)))
    )
    match ranking:
        case []:
            return None
        case [(_, (true, predicted)), *_]:
            return true, predicted
