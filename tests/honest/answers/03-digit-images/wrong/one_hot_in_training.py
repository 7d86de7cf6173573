# case: one_hot_in_training
# style: categorical_crossentropy, and train_model turns all labels into one-hot rows, so that it runs
# fails: compile_loss_fits_labels
# may: compile_reports_accuracy, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_weights_are_kept, accuracy_passes
# borderline: within the file the training works; with class numbers the compiled model cannot be used
# says: The labels are class numbers: categorical_crossentropy wants one-hot rows; use sparse_categorical_crossentropy.

# %% build_model
from keras import layers


def build_model(image_shape, n_classes):
    model = keras.models.Sequential(
        [
            layers.Input(shape=image_shape),
            layers.Flatten(),
            layers.Dense(100, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
from keras.utils import to_categorical


def train_model(model, x, y, x_val, y_val):
    n_classes = model.output_shape[-1]
    early_stopping = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    return model.fit(
        x,
        to_categorical(y, n_classes),
        validation_data=(x_val, to_categorical(y_val, n_classes)),
        epochs=100,
        callbacks=[early_stopping],
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
    return best + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    matrix = np.zeros((n, n), dtype=int)
    says = model.predict(x, verbose=0).argmax(axis=1)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
