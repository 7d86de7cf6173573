# case: weight_decay_schedule
# style: L2 penalties, which are part of loss and val_loss; a learning rate schedule

# %% build_model
def build_model(image_shape, n_classes):
    penalty = keras.regularizers.L2(1e-4)
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(96, activation="relu", kernel_regularizer=penalty),
            keras.layers.Dense(n_classes, activation="softmax", kernel_regularizer=penalty),
        ]
    )


# %% compile_model
def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=0.02, decay_steps=100, decay_rate=0.9
    )
    model.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=7, restore_best_weights=True
    )
    return model.fit(
        x,
        y,
        epochs=100,
        shuffle=True,
        validation_data=(x_val, y_val),
        validation_batch_size=len(x_val),
        callbacks=[keras.callbacks.TerminateOnNaN(), stop],
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    return int(np.argsort(history.history["val_loss"], kind="stable")[0] + 1)


# %% confusion_matrix
def confusion_matrix(model, x, y):
    shape = (model.output_shape[-1],) * 2
    says = model.predict(x, batch_size=64, verbose=0).argmax(axis=1)
    cells = np.ravel_multi_index((y, says), shape)
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
