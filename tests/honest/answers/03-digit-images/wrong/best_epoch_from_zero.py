# case: best_epoch_from_zero
# style: argmin without + 1
# fails: best_epoch_is_found
# says: People count epochs from 1: the result is one too small.

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
    val_loss = np.array(history.history["val_loss"])
    return int(val_loss.argmin())


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    matrix = np.zeros((n, n), dtype=int)
    says = model.predict(x, verbose=0).argmax(axis=1)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
