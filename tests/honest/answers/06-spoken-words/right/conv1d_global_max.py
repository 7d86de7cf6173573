# case: conv1d_global_max
# style: functional model with one Conv1D and GlobalMaxPooling1D; Counter with a sort key

# %% build_model
def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins), name="clip")
    x = keras.layers.Conv1D(64, 5, activation="relu")(clip)
    x = keras.layers.GlobalMaxPooling1D()(x)
    word = keras.layers.Dense(n_words, activation="softmax", name="word")(x)
    return keras.Model(inputs=clip, outputs=word, name="listener")


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.003),
                  loss=keras.losses.SparseCategoricalCrossentropy(),
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


# %% most_confused
from collections import Counter


def most_confused(model, x, y):
    predicted = np.argmax(model.predict(x, verbose=0), axis=-1)
    mistakes = Counter((int(t), int(p)) for t, p in zip(y, predicted) if t != p)
    if not mistakes:
        return None
    return min(mistakes, key=lambda pair: (-mistakes[pair], pair))

