# case: conv_gru
# style: a convolution that halves the frames, then a GRU; np.unique of the wrong pairs

# %% build_model
def build_model(frames, mel_bins, n_words):
    L = keras.layers
    model = keras.Sequential(name="conv_gru")
    model.add(keras.Input((frames, mel_bins)))
    model.add(L.Conv1D(48, 5, strides=2, padding="same", activation="relu"))
    model.add(L.MaxPooling1D(2))
    model.add(L.GRU(48))
    model.add(L.Dropout(0.2))
    model.add(L.Dense(n_words, "softmax"))
    return model


# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(learning_rate=3e-3, clipnorm=1.0)
    model.compile(optimizer=opt, loss=keras.losses.sparse_categorical_crossentropy,
                  metrics=[keras.metrics.SparseCategoricalAccuracy()])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x=x, y=y, batch_size=16, epochs=epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    heard = model.predict(x, verbose=0).argmax(axis=1)
    wrong = heard != y
    if not wrong.any():
        return None
    # unique sorts the pairs, and argmax takes the first of equal counts
    pairs, counts = np.unique(np.stack([y[wrong], heard[wrong]], axis=1), axis=0, return_counts=True)
    return tuple(pairs[counts.argmax()])

