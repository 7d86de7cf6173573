# case: augmentation
# style: random shifts of the images as the first layer of the model (active in training only)

# %% build_model
def build_model(image_shape, n_classes):
    augment = keras.Sequential([keras.layers.RandomTranslation(0.1, 0.1, fill_mode="constant")], name="augment")
    classify = keras.Sequential([
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(n_classes, activation="softmax"),
    ], name="classify")
    inputs = keras.Input(image_shape)
    return keras.Model(inputs, classify(augment(inputs)))

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
    return model.fit(x, y, epochs=100, batch_size=32, validation_data=(x_val, y_val), callbacks=[stop], verbose=0)

# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    return 1 + losses.index(np.min(losses))

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    pairs, counts = np.unique(np.column_stack([y, says]), axis=0, return_counts=True)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    matrix[pairs[:, 0], pairs[:, 1]] = counts
    return matrix
