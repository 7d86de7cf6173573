# case: forgotten_flatten
# style: Dense directly on the image: the output has shape (8, 8, 10)
# fails: build_model_fits
# may: compile_loss_fits_labels, compile_reports_accuracy, confusion_matrix_is_right, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_weights_are_kept, accuracy_passes
# says: The model gives a row of probabilities for each pixel or column, not one row per image: Flatten is missing before Dense.

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(image_shape))
    model.add(keras.layers.Dense(64, activation="relu"))
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
from keras.callbacks import EarlyStopping


def train_model(model, x, y, x_val, y_val):
    early_stopping = EarlyStopping(patience=6, restore_best_weights=True)
    history = model.fit(
        x,
        y,
        batch_size=32,
        epochs=100,
        validation_data=(x_val, y_val),
        callbacks=[early_stopping],
        verbose=0,
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
