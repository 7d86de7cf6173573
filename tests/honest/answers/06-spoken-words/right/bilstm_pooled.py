# case: bilstm_pooled
# style: bidirectional LSTM behind a pooled convolution, tanh; itertools.permutations

# %% build_model
from keras.layers import LSTM, AveragePooling1D, Bidirectional, Conv1D, Dense


def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        Conv1D(32, 5, strides=2, padding="same", activation="relu"),
        AveragePooling1D(2),
        Bidirectional(LSTM(32)),
        Dense(n_words, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.RMSprop(0.002),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(np.asarray(x, "float32"), np.asarray(y), batch_size=16,
                        epochs=epochs, shuffle=True, verbose=0)
    return history


# %% most_confused
from itertools import permutations


def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    predicted = probabilities.argmax(axis=1)

    def how_often(pair):
        true, other = pair
        return np.count_nonzero((y == true) & (predicted == other))

    pair = max(permutations(range(probabilities.shape[1]), 2), key=how_often)
    return pair if how_often(pair) > 0 else None

