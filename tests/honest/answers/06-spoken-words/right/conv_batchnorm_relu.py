# case: conv_batchnorm_relu
# style: the usual Conv-BatchNorm-ReLU blocks with bias, Reshape to a picture, He initializer, bincount

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.layers.Input(shape=(frames, mel_bins))
    x = keras.layers.Reshape((frames, mel_bins, 1))(inputs)
    for filters in (16, 32):
        x = keras.layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(x)
        x = keras.layers.BatchNormalization(momentum=0.9)(x)
        x = keras.layers.ReLU()(x)
        x = keras.layers.MaxPooling2D(2, padding="same")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(n_words)(x)
    outputs = keras.layers.Softmax()(x)
    return keras.models.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(1e-3)
    model.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    hist = model.fit(x, y, batch_size=32, epochs=epochs, verbose=1)
    return hist

# %% most_confused
def most_confused(model, x, y):
    scores = model.predict(x, batch_size=256, verbose=0)
    n = scores.shape[1]
    y_pred = np.argmax(scores, axis=1)
    cm = np.bincount(n * y + y_pred, minlength=n * n).reshape(n, n)
    off_diagonal = cm * (1 - np.eye(n, dtype=int))
    if not off_diagonal.any():
        return None
    row = int(off_diagonal.max(axis=1).argmax())
    column = int(off_diagonal[row].argmax())
    return (row, column)
