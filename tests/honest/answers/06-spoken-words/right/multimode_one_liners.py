# case: multimode_one_liners
# style: as short as possible; statistics.multimode gives all most common mistakes, min takes the first

# %% build_model
def build_model(frames, mel_bins, n_words):
    k = keras.layers
    return keras.Sequential([keras.Input((frames, mel_bins)), k.Conv1D(64, 3, 2, "same", activation="relu"), k.Conv1D(64, 3, 2, "same", activation="relu"), k.Flatten(), k.Dense(n_words, "softmax")])

# %% compile_model
def compile_model(model):
    return model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"]) or model

# %% train_model
def train_model(model, x, y, epochs=5): return model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
import statistics


def most_confused(model, x, y):
    return min(statistics.multimode((int(t), int(p)) for t, p in zip(y, model.predict(x, verbose=0).argmax(1)) if t != p), default=None)
