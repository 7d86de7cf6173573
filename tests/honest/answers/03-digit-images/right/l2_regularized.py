# case: l2_regularized
# style: an L2 penalty on the weights, so the loss is more than the cross-entropy

# %% build_model
def build_model(image_shape, n_classes):
    l2 = keras.regularizers.L2(1e-3)
    return keras.Sequential([
        keras.Input(image_shape),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu", kernel_regularizer=l2),
        keras.layers.Dense(n_classes, activation="softmax", kernel_regularizer=l2),
    ])

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adamax(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    early_stop = keras.callbacks.EarlyStopping(
        monitor="val_loss",
        min_delta=0,
        patience=5,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=True,
    )
    history = model.fit(x, y, batch_size=16, epochs=100, verbose=0, callbacks=[early_stop], validation_data=(x_val, y_val))
    return history

# %% best_epoch
def best_epoch(history):
    return np.argmin(history.history["val_loss"]) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    size = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    return np.array([
        [np.sum((y == true) & (y_pred == pred)) for pred in range(size)]
        for true in range(size)
    ])
