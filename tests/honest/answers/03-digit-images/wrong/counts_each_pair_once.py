# case: counts_each_pair_once
# style: fancy indexing with +=, which does not add up repeated pairs
# fails: confusion_matrix_is_right
# says: matrix[y, says] += 1 counts each pair of classes only once; use np.add.at or a loop.

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss_fn, metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )


# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    confusion = np.zeros((n_classes, n_classes), dtype=int)
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    confusion[y, predicted] += 1
    return confusion
