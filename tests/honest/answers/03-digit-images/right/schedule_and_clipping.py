# case: schedule_and_clipping
# style: Adam with an exponential learning-rate schedule and gradient clipping; one-hot matrices multiplied

# %% build_model
def build_model(image_shape, n_classes):
    leaky = keras.layers.LeakyReLU(negative_slope=0.1)
    return keras.Sequential([
        keras.Input(image_shape),
        keras.layers.Flatten(),
        keras.layers.Dense(256, kernel_initializer=keras.initializers.HeNormal()),
        leaky,
        keras.layers.Dense(n_classes, activation="softmax"),
    ])

# %% compile_model
def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=100, decay_rate=0.9)
    model.compile(
        optimizer=keras.optimizers.Adam(schedule, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    history = model.fit(
        x, y,
        batch_size=50,
        epochs=80,
        validation_data=(x_val, y_val),
        validation_batch_size=len(x_val),
        callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)],
        verbose=0,
    )
    return history

# %% best_epoch
def best_epoch(history):
    return int(np.nanargmin(history.history["val_loss"]) + 1)

# %% confusion_matrix
def confusion_matrix(model, x, y):
    one_hot = np.eye(model.output_shape[-1], dtype=int)
    says = model.predict(x, verbose=0).argmax(axis=1)
    return one_hot[y].T @ one_hot[says]
