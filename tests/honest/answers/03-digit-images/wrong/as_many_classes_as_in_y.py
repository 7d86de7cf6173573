# case: as_many_classes_as_in_y
# style: the size is taken from the labels that occur, and classes are numbered by them
# fails: confusion_matrix_is_right
# says: The size must be the number of classes of the model; not every class occurs in y.

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
    classes = np.unique(y)
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    result = np.zeros((len(classes), len(classes)), dtype=int)
    for i, t in enumerate(classes):
        for j, p in enumerate(classes):
            result[i, j] = np.sum((y == t) & (y_pred == p))
    return result
