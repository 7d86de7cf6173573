# case: noise_and_spatial_dropout
# style: GaussianNoise and SpatialDropout2D, callbacks from a helper, learning rate lowered each epoch

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.Sequential([keras.Input(image_shape)])
    for layer in (
        keras.layers.GaussianNoise(0.05),
        keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        keras.layers.SpatialDropout2D(0.1),
        keras.layers.MaxPool2D((2, 2), padding="same"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(n_classes, activation="softmax"),
    ):
        model.add(layer)
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=6e-3, amsgrad=True),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def _callbacks(patience):
    yield keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.98)
    yield keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )


def train_model(model, x, y, x_val, y_val):
    return model.fit(
        x,
        y,
        validation_data=(x_val, y_val),
        epochs=90,
        callbacks=list(_callbacks(patience=6)),
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    history = getattr(history, "history", history)
    return int(np.nanargmin(history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    matrix = np.zeros((n, n), dtype=int)
    for begin in range(0, len(x), 100):
        part = slice(begin, begin + 100)
        says = model.predict_on_batch(x[part]).argmax(axis=1)
        np.add.at(matrix, (y[part], says), 1)
    return matrix
