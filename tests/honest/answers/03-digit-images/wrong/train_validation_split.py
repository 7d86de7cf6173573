# case: train_validation_split
# style: validation_split as in many tutorials: cuts the validation part from the training images, ignores x_val
# fails: history_shows_validation
# may: overfitting_is_seen, best_weights_are_kept
# borderline: the history has val_loss, and stops well, but it is not the loss on x_val

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential([
        keras.Input(image_shape),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    early_stopping = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    history = model.fit(
        x, y, epochs=100, validation_split=0.3, callbacks=[early_stopping], verbose=0
    )
    return history

# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = np.argmax(model.predict(x, verbose=0), axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, says), 1)
    return matrix
