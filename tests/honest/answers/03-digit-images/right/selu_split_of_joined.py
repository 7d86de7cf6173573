# case: selu_split_of_joined
# style: images joined, then validation_split so that fit holds out exactly x_val, its last rows
# borderline: x_val is handed to fit next to x, but fit takes the last rows for validation only

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Rescaling(2.0, offset=-1.0),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="selu", kernel_initializer="lecun_normal"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    all_x = np.concatenate([x, x_val])
    all_y = np.concatenate([y, y_val])
    # fit takes the last rows, before it shuffles; half a row less, so that rounding is safe
    share = (len(x_val) - 0.5) / len(all_x)
    return model.fit(
        all_x,
        all_y,
        validation_split=share,
        epochs=100,
        callbacks=[keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)],
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    val_loss = list(history.history["val_loss"])
    return int(val_loss.index(np.min(val_loss)) + 1)


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    predictions = model.predict(x, verbose=0)
    result = np.zeros((n_classes, n_classes), dtype="int64")
    i = 0
    while i < len(y):
        result[y[i], np.argmax(predictions[i])] += 1
        i += 1
    return result
