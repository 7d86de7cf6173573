# case: layers_in_a_loop
# style: hidden layers from a default argument, optimizer from a config dictionary, settings in **

# %% build_model
def build_model(image_shape, n_classes, hidden=(96, 48), activation="relu"):
    model = keras.models.Sequential()
    model.add(keras.layers.Input(tuple(image_shape)))
    model.add(keras.layers.Flatten())
    for i, units in enumerate(hidden, start=1):
        model.add(keras.layers.Dense(units, activation=activation, name=f"hidden_{i}"))
    model.add(keras.layers.Dense(n_classes, activation="softmax", name="probabilities"))
    return model


# %% compile_model
def compile_model(model, learning_rate=0.01):
    optimizer = keras.optimizers.get(
        {"class_name": "Adam", "config": {"learning_rate": learning_rate}}
    )
    model.compile(
        optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


# %% train_model
FIT_SETTINGS = {"epochs": 100, "batch_size": 50, "verbose": 0}
STOP_SETTINGS = {"monitor": "val_loss", "patience": 5, "restore_best_weights": True}


def train_model(model, x, y, x_val, y_val, **more):
    settings = {**FIT_SETTINGS, **more}
    settings["callbacks"] = [keras.callbacks.EarlyStopping(**STOP_SETTINGS)]
    settings["validation_data"] = (x_val, y_val)
    return model.fit(x, y, **settings)


# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    return min(range(1, len(losses) + 1), key=lambda epoch: losses[epoch - 1])


# %% confusion_matrix
def confusion_matrix(model, x, y):
    identity = np.identity(model.output_shape[-1], dtype=np.int32)
    guesses = np.argmax(model.predict(x, verbose=0), axis=1)
    return np.einsum("it,ip->tp", identity[y], identity[guesses])
