# case: accuracy_class_as_metric
# style: metrics=[keras.metrics.Accuracy()], which does not look for the largest probability
# fails: compile_reports_accuracy
# may: compile_loss_fits_labels, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_weights_are_kept, accuracy_passes
# says: keras.metrics.Accuracy compares labels with probabilities for equality; use "accuracy" or SparseCategoricalAccuracy.

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
from keras.metrics import Accuracy


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=[Accuracy()],
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
