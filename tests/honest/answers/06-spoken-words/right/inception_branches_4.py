# case: inception_branches
# style: three branches with other kernel sizes, concatenated; Lion; class weights; Counter with a min key

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    branches = [
        keras.layers.MaxPooling1D(4, padding="same")(
            keras.layers.Conv1D(32, size, padding="same", activation="relu")(inputs)
        )
        for size in (3, 5, 9)
    ]
    joined = keras.layers.concatenate(branches)
    flat = keras.layers.Flatten()(joined)
    outputs = keras.layers.Dense(n_words, activation=keras.activations.softmax)(flat)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Lion(learning_rate=3e-4),
        loss=keras.losses.sparse_categorical_crossentropy,
        metrics=[keras.metrics.sparse_categorical_accuracy],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    words, counts = np.unique(y, return_counts=True)
    class_weight = {int(w): len(y) / (len(words) * c) for w, c in zip(words, counts)}  # "balanced"
    return model.fit(x, y, epochs=epochs, class_weight=class_weight, verbose=0)

# %% most_confused
from collections import Counter


def most_confused(model, x, y):
    heard = np.argmax(model.predict(x, verbose=0), axis=1)
    counter = Counter((int(a), int(b)) for a, b in zip(y, heard) if a != b)
    if len(counter) == 0:
        return None
    return min(counter, key=lambda pair: (-counter[pair], pair))
