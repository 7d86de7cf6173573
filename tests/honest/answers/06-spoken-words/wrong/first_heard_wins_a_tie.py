# case: first_heard_wins_a_tie
# style: Counter.most_common gives, of equal counts, the pair that came first in the data
# fails: ties_go_to_the_first
# may: most_confused_is_found

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(32, 5, padding="same", activation="relu")(inputs)
    x = keras.layers.MaxPooling1D(4, padding="same")(x)
    x = keras.layers.Flatten()(x)
    outputs = keras.layers.Dense(n_words, activation="softmax")(x)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    from collections import Counter

    predicted = model.predict(x, verbose=0).argmax(axis=1)
    mistakes = Counter((int(t), int(p)) for t, p in zip(y, predicted) if t != p)
    if not mistakes:
        return None
    return mistakes.most_common(1)[0][0]
