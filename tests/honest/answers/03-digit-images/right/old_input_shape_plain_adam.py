# case: old_input_shape_plain_adam
# style: input_shape in the first layer, as before Keras 3; "adam" by its name, but small batches
# borderline: best_epoch reads history.epoch too, which only a History from fit has

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.models.Sequential(
        [
            keras.layers.Flatten(input_shape=image_shape),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    es = keras.callbacks.EarlyStopping(
        monitor="val_loss", mode="auto", patience=5, verbose=0, restore_best_weights=True
    )
    return model.fit(
        x,
        y,
        batch_size=8,
        epochs=100,
        verbose=0,
        validation_data=(x_val, y_val),
        callbacks=[es],
    )


# %% best_epoch
def best_epoch(history):
    index_min = np.argmin(history.history["val_loss"])
    return int(history.epoch[index_min] + 1)


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    cm = np.zeros((n_classes, n_classes), dtype=int)
    for i in range(n_classes):
        for j in range(n_classes):
            cm[i, j] = np.count_nonzero((y == i) & (y_pred == j))
    return cm
