# case: own_metric_function
# style: own accuracy function as the metric, loss as a lambda, learning-rate callback, augmentation layers in the model

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential([
        keras.Input((frames, mel_bins)),
        # only active in training: louder background noise, and the word begins earlier or later
        keras.layers.GaussianNoise(0.1),
        keras.layers.Reshape((frames, mel_bins, 1)),
        keras.layers.RandomTranslation(0.1, 0.0, fill_mode="nearest"),
        keras.layers.Reshape((frames, mel_bins)),
        keras.layers.Conv1D(64, 5, padding="same", activation="relu"),
        keras.layers.MaxPooling1D(3, padding="same"),
        keras.layers.Conv1D(64, 3, padding="same", activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(n_words, activation="softmax"),
    ])
    return model

# %% compile_model
def accuracy(y_true, y_pred):
    y_true = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    predicted = keras.ops.cast(keras.ops.argmax(y_pred, axis=-1), "int32")
    return keras.ops.cast(keras.ops.equal(y_true, predicted), "float32")


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.002),
        loss=lambda y_true, y_pred: keras.losses.sparse_categorical_crossentropy(y_true, y_pred),
        metrics=[accuracy],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    slower = keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr if epoch < 8 else lr * 0.9)
    return model.fit(x, y, epochs=epochs, callbacks=[slower], verbose=0)

# %% most_confused
def most_confused(model, x, y):
    import heapq

    heard = [int(row.argmax()) for row in model.predict(x, verbose=0)]
    count = {}
    for true, predicted in zip(map(int, y), heard):
        if true != predicted:
            count[true, predicted] = count.get((true, predicted), 0) + 1
    first = heapq.nsmallest(1, ((-c, t, p) for (t, p), c in count.items()))
    return first[0][1:] if first else None
