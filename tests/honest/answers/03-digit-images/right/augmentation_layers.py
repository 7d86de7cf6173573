# case: augmentation_layers
# style: random shifts inside the model, active only in training; metric as an object

# %% build_model
def build_model(image_shape, n_classes):
    augmentation = [keras.layers.RandomTranslation(0.08, 0.08, fill_mode="constant")]
    return keras.Sequential(
        [keras.Input(image_shape)]
        + augmentation
        + [
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", mode="min", patience=6, restore_best_weights=True
    )
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )


# %% best_epoch
def best_epoch(history):
    epoch, _ = min(enumerate(history.history["val_loss"], start=1), key=lambda pair: pair[1])
    return epoch


# %% confusion_matrix
def confusion_matrix(model, x, y):
    one_hot = np.eye(model.output_shape[-1], dtype=int)
    says = np.argmax(model.predict(x, verbose=0), axis=-1)
    return one_hot[y].T @ one_hot[says]
