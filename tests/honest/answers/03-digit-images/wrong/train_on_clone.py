# case: train_on_clone
# style: trains a clone "to leave the argument alone"; the caller's model learns nothing
# fails: best_weights_are_kept, loss_goes_down, every_weight_changes, accuracy_passes
# may: overfitting_is_seen, history_shows_validation, validation_is_not_learned

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
    network = keras.models.clone_model(model)
    network.set_weights(model.get_weights())
    network.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    history = network.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
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
