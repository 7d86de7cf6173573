# case: keras_guide_functional
# style: functional API as in the Keras guides, named layers, objects instead of strings, unravel_index

# %% build_model
from keras import layers


def build_model(frames, mel_bins, n_words):
    inputs = keras.Input(shape=(frames, mel_bins), name="spectrogram")
    x = layers.Conv1D(64, 5, padding="same", activation="relu", name="detectors_1")(inputs)
    x = layers.MaxPooling1D(2, padding="same", name="pool_1")(x)
    x = layers.Conv1D(96, 3, padding="same", activation="relu", name="detectors_2")(x)
    x = layers.GlobalMaxPooling1D(name="strongest")(x)
    x = layers.Dense(64, activation="relu", name="dense")(x)
    outputs = layers.Dense(n_words, activation="softmax", name="predictions")(x)
    return keras.Model(inputs=inputs, outputs=outputs, name="word_classifier")

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=2e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    predictions = model.predict(x, verbose=0)
    n_words = predictions.shape[-1]
    predicted = np.argmax(predictions, axis=-1)
    matrix = np.zeros((n_words, n_words), dtype="int64")
    for true_word, predicted_word in zip(y, predicted):
        matrix[true_word, predicted_word] += 1
    np.fill_diagonal(matrix, 0)
    if matrix.max() == 0:
        return None
    return np.unravel_index(np.argmax(matrix), matrix.shape)
