# case: all_weights_remembered
# style: never stops: trains all 100 epochs, remembers the weights of each one with LambdaCallback, then picks

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential(
        layers=[
            keras.Input(shape=image_shape, dtype="float32"),
            keras.layers.Flatten(),
            keras.layers.Dense(32, activation="relu", kernel_initializer="he_uniform"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.02, beta_1=0.85),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    snapshots = []
    remember = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: snapshots.append(model.get_weights())
    )
    history = model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[remember], verbose=0
    )
    model.set_weights(snapshots[int(np.argmin(history.history["val_loss"]))])
    return history

# %% best_epoch
def best_epoch(history):
    return int(np.argsort(history.history["val_loss"], kind="stable")[0] + 1)

# %% confusion_matrix
def confusion_matrix(model, x, y):
    classes = np.arange(model.output_shape[-1])
    says = model.predict(x, verbose=0).argmax(axis=1)
    is_true = y[:, None] == classes       # samples x classes
    is_said = says[:, None] == classes
    return (is_true[:, :, None] & is_said[:, None, :]).sum(axis=0)
