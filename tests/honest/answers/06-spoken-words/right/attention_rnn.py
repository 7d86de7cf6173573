# case: attention_rnn
# style: the attention RNN for speech commands (Douglas): convolution, bidirectional GRU, dot-product attention with one query

# %% build_model
from keras import layers as L


def build_model(frames, mel_bins, n_words, units=24):
    inputs = L.Input((frames, mel_bins), name="input")
    x = L.Conv1D(32, 5, strides=2, padding="same", activation="relu")(inputs)
    x = L.MaxPooling1D(2, padding="same")(x)
    x = L.Bidirectional(L.GRU(units, return_sequences=True))(x)   # (batch, steps, 2 * units)
    last = L.Lambda(lambda q: q[:, -1], output_shape=(2 * units,))(x)
    query = L.Dense(2 * units)(last)
    scores = L.Dot(axes=[1, 2])([query, x])
    scores = L.Softmax(name="attention")(scores)
    summary = L.Dot(axes=[1, 1])([scores, x])
    x = L.Dense(32, activation="relu")(summary)
    output = L.Dense(n_words, activation="softmax", name="output")(x)
    return keras.Model(inputs=[inputs], outputs=[output])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.003),
                  loss="sparse_categorical_crossentropy",
                  metrics=["sparse_categorical_accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    y_pred = model.predict(x, verbose=0)
    classes = np.arange(y_pred.shape[1])
    y_pred = np.argmax(y_pred, axis=1)
    cm = np.array([[np.sum((y == i) & (y_pred == j)) for j in classes] for i in classes])
    cm = cm * (1 - np.eye(len(classes), dtype=int))
    if not cm.any():
        return None
    rows, columns = np.where(cm == cm.max())
    return rows[0], columns[0]

