# case: dropout_chatty
# style: dropout, loss and metric as objects, prints inside the functions

# %% build_model
from keras import layers, models


def build_model(image_shape, n_classes):
    network = models.Sequential(
        [
            layers.Input(shape=image_shape),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="digits",
    )
    network.summary()
    return network


# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=1e-2)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    print("compiled with", optimizer.name, "and", loss.name)
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    print("training on", x.shape[0], "images, watching", x_val.shape[0])
    es = keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True, verbose=1)
    history = model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[es], verbose=2
    )
    print("stopped after", len(history.epoch), "epochs")
    return history


# %% best_epoch
def best_epoch(history):
    val_loss = history.history["val_loss"]
    lowest = min(val_loss)
    print(f"lowest validation loss: {lowest:.3f}")
    return val_loss.index(lowest) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    guesses = model.predict(x, verbose=0).argmax(axis=1)
    return np.bincount(n * y + guesses, minlength=n * n).reshape(n, n)
