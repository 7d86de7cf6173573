# case: residual_tcn
# style: dilated residual convolutions with batch normalization in a helper function; one-hot matrix product

# %% build_model
def residual_block(x, filters, dilation):
    shortcut = keras.layers.Conv1D(filters, 1, padding="same")(x)
    x = keras.layers.Conv1D(filters, 5, padding="same", dilation_rate=dilation, use_bias=False)(x)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    x = keras.layers.ReLU()(x)
    return keras.layers.add([shortcut, x])


def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    x = residual_block(inputs, 32, 1)
    x = keras.layers.MaxPooling1D(2)(x)
    x = residual_block(x, 48, 2)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dropout(0.2)(x)
    return keras.Model(inputs, keras.layers.Dense(n_words, activation="softmax")(x))


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.002),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    callbacks = [keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=4, min_lr=5e-4)]
    return model.fit(x, y, batch_size=16, epochs=epochs, callbacks=callbacks, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, batch_size=128, verbose=0)
    unit = np.eye(p.shape[1], dtype=int)
    matrix = unit[y].T @ unit[p.argmax(1)]
    matrix -= np.diag(np.diag(matrix))
    top = np.argmax(matrix)
    if matrix.flat[top] == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(top, matrix.shape))

