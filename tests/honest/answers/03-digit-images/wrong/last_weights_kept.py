# case: last_weights_kept
# style: EarlyStopping stops in time, but nobody goes back
# fails: best_weights_are_kept
# may: accuracy_passes
# says: The model keeps the weights of the last epoch; restore_best_weights=True is missing.

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss_fn, metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    early_stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5)
    return model.fit(
        x,
        y,
        epochs=100,
        validation_data=(x_val, y_val),
        callbacks=[early_stopping],
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    cm = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(cm, (y, y_pred), 1)
    return cm
