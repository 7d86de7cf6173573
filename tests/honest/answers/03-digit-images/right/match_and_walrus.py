# case: match_and_walrus
# style: modern Python: match statement for the shape, walrus, star expressions, closures

# %% build_model
def build_model(image_shape, n_classes):
    match tuple(image_shape):
        case (int(rows), int(columns), int(channels)):
            n_inputs = rows * columns * channels
        case other:
            raise ValueError(f"not the shape of an image: {other}")

    def hidden_layer(units):
        return keras.layers.Dense(units, activation="relu")

    return keras.Sequential([
        keras.Input((rows, columns, channels)),
        keras.layers.Reshape((n_inputs,)),
        *(hidden_layer(units) for units in [128]),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])

# %% compile_model
def compile_model(model):
    settings = {
        "optimizer": keras.optimizers.Adam(learning_rate=0.02, epsilon=1e-8),
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
    }
    model.compile(**settings)
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    return (
        history := model.fit(
            x, y, epochs=100, verbose=0,
            validation_data=(x_val, y_val),
            callbacks=[keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)],
        )
    )

# %% best_epoch
def best_epoch(history):
    return (losses := history.history["val_loss"]).index(min(losses)) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    matrix = np.zeros([(n := model.output_shape[-1]), n], int)
    for t, row in zip(y, model.predict(x, verbose=0)):
        matrix[t, row.argmax()] += 1
    return matrix
