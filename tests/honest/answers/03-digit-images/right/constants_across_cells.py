# case: constants_across_cells
# style: all settings as constants at the top of the first cell, used by the functions of later cells too

# %% build_model
HIDDEN_UNITS = 100
LEARNING_RATE = 2e-2
MAX_EPOCHS = 100
PATIENCE = 5
BATCH_SIZE = 30


def build_model(image_shape, n_classes):
    model = keras.Sequential([
        keras.Input(image_shape),
        keras.layers.Flatten(),
        keras.layers.Dense(HIDDEN_UNITS, activation="relu"),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
    return model

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=LEARNING_RATE),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    early_stopping = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=PATIENCE, restore_best_weights=True
    )
    return model.fit(
        x,
        y,
        batch_size=BATCH_SIZE,
        epochs=MAX_EPOCHS,
        validation_data=(x_val, y_val),
        callbacks=[early_stopping],
        verbose=0,
    )

# %% best_epoch
FIRST_EPOCH = 1


def best_epoch(history):
    return FIRST_EPOCH + int(np.argmin(history.history["val_loss"]))

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    shape = (n_classes, n_classes)
    says = model.predict(x, batch_size=BATCH_SIZE, verbose=0).argmax(axis=1)
    matrix = np.zeros(shape, dtype=np.int32)
    for cell in zip(y, says):
        matrix[cell] += 1
    return matrix
