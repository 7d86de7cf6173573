# case: rows_as_sequence
# style: a GRU that reads the image row by row; learning rate falls by a LearningRateScheduler

# %% build_model
def build_model(image_shape, n_classes):
    rows, columns, channels = image_shape
    model = keras.Sequential([
        keras.Input(shape=(rows, columns, channels)),
        keras.layers.Reshape((rows, columns * channels)),
        keras.layers.GRU(64),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
    return model

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    def slow_down(epoch, lr):
        return lr if epoch < 10 else lr * 0.97

    history = model.fit(
        x, y,
        epochs=100,
        validation_data=(x_val, y_val),
        callbacks=[
            keras.callbacks.LearningRateScheduler(slow_down),
            keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True),
        ],
        verbose=0,
    )
    return history

# %% best_epoch
def best_epoch(history):
    v = history.history["val_loss"]
    e = 1
    while v[e - 1] > min(v):
        e += 1
    return e

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = np.array([np.argmax(p) for p in model.predict(x, verbose=0)])
    result = np.empty((n_classes, n_classes), dtype=int)
    for t in range(n_classes):
        answers_for_t = says[y == t]
        for p in range(n_classes):
            result[t, p] = np.count_nonzero(answers_for_t == p)
    return result
