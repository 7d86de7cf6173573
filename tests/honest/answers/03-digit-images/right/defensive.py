# case: defensive
# style: very careful: imports inside the functions, checks of all arguments, a check of the result, a warning

# %% build_model
def build_model(image_shape, n_classes):
    from keras import Sequential
    from keras.layers import Dense, Flatten, Input

    image_shape = tuple(int(size) for size in image_shape)
    assert len(image_shape) == 3, f"expected rows, columns and channels, got {image_shape}"
    assert all(size > 0 for size in image_shape)
    n_classes = int(n_classes)
    assert n_classes >= 2, "at least two classes are needed"

    n_pixels = int(np.prod(image_shape))
    hidden = min(256, max(32, 2 * n_pixels))  # 32 to 256 units, as the text says
    model = Sequential([
        Input(shape=image_shape),
        Flatten(),
        Dense(hidden, activation="relu"),
        Dense(n_classes, activation="softmax"),
    ])
    assert model.output_shape == (None, n_classes)
    assert model.count_params() < 1_000_000 or n_pixels > 3000
    return model

# %% compile_model
def compile_model(model):
    from keras.losses import SparseCategoricalCrossentropy
    from keras.metrics import SparseCategoricalAccuracy
    from keras.optimizers import Adam

    if not isinstance(model, keras.Model):
        raise TypeError(f"not a Keras model: {type(model)}")
    model.compile(
        optimizer=Adam(learning_rate=0.01),
        loss=SparseCategoricalCrossentropy(from_logits=False),
        metrics=[SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    import warnings
    from keras.callbacks import EarlyStopping

    x, x_val = np.asarray(x, dtype=np.float32), np.asarray(x_val, dtype=np.float32)
    y, y_val = np.asarray(y).ravel(), np.asarray(y_val).ravel()
    assert len(x) == len(y), "as many labels as images"
    assert len(x_val) == len(y_val), "as many labels as images (validation)"
    assert x.shape[1:] == x_val.shape[1:], "all images must have the same size"

    patience = 5
    history = model.fit(
        x,
        y,
        validation_data=(x_val, y_val),
        epochs=100,
        callbacks=[EarlyStopping(monitor="val_loss", mode="min", patience=patience, restore_best_weights=True)],
        verbose=0,
    )
    val_loss = history.history["val_loss"]
    epochs_after_best = len(val_loss) - 1 - int(np.argmin(val_loss))
    if epochs_after_best < 3:
        warnings.warn("the lowest validation loss may not have been reached")
    return history

# %% best_epoch
def best_epoch(history):
    if "val_loss" not in history.history:
        raise ValueError("the training had no validation data")
    val_loss = np.asarray(history.history["val_loss"], dtype=float)
    assert val_loss.ndim == 1 and val_loss.size > 0
    return int(val_loss.argmin()) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    y = np.asarray(y).astype(np.int64).ravel()
    if len(x) != len(y):
        raise ValueError(f"{len(x)} images, but {len(y)} labels")
    n_classes = int(model.output_shape[-1])
    predicted = np.argmax(model.predict(x, verbose=0), axis=-1).astype(np.int64)
    matrix = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(matrix, (y, predicted), 1)
    assert matrix.sum() == len(y)
    return matrix
