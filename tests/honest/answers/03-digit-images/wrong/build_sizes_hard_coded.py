# case: build_sizes_hard_coded
# style: correct for the digits, but writes (8, 8, 1) and 10 instead of using the arguments
# fails: build_model_fits

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.Sequential([
        keras.Input(shape=(8, 8, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    return model

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
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )

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
