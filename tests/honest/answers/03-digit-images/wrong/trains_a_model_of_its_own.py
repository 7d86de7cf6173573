# case: trains_a_model_of_its_own
# style: train_model builds and compiles a fresh model and fits that one
# fails: every_weight_changes, accuracy_passes
# may: best_weights_are_kept, loss_goes_down, overfitting_is_seen, history_shows_validation, validation_is_not_learned
# says: The model that was passed in has not changed: train_model trains another one.

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
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    model = build_model(x.shape[1:], 10)
    model = compile_model(model)
    es = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    history = model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[es], verbose=0
    )
    return history


# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    cm = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(cm, (y, y_pred), 1)
    return cm
