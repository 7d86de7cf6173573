# case: patience_of_one
# style: patience=1: stops at the first epoch without improvement
# fails: overfitting_is_seen
# may: accuracy_passes, best_weights_are_kept, loss_goes_down
# says: Training must go on for at least 3 epochs after the lowest validation loss; it stops after one.

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Conv2D(16, 3, padding="same", activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(48, activation="relu"))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    callback = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=1, restore_best_weights=True
    )
    history = model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[callback], verbose=0
    )
    return history


# %% best_epoch
def best_epoch(history):
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    return np.bincount(n * y + predicted, minlength=n * n).reshape(n, n)
