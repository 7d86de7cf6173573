# case: separable_residual
# style: separable convolutions with a residual connection, Swish, Adamax, sample weights of one; masked array

# %% build_model
def build_model(frames, mel_bins, n_words):
    L = keras.layers
    inputs = keras.Input((frames, mel_bins))
    x = L.Conv1D(64, 1, use_bias=False)(inputs)
    for _ in range(2):
        shortcut = x
        x = L.SeparableConv1D(64, 5, padding="same", activation="swish")(x)
        x = L.SeparableConv1D(64, 5, padding="same")(x)
        x = L.Add()([x, shortcut])
        x = L.Activation("swish")(x)
        x = L.AveragePooling1D(2, padding="same")(x)
    x = L.Flatten()(x)
    return keras.Model(inputs, L.Dense(n_words, "softmax")(x))

# %% compile_model
def compile_model(model):
    model.compile(
        keras.optimizers.Adamax(learning_rate=0.004),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    weights = np.ones(len(y), dtype="float32")
    return model.fit(x, y, sample_weight=weights, epochs=epochs, batch_size=24, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), int)
    np.add.at(counts, (y, probabilities.argmax(1)), 1)
    wrong = np.ma.masked_array(counts, mask=np.eye(n, dtype=bool))
    if wrong.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(wrong.argmax(), wrong.shape))
