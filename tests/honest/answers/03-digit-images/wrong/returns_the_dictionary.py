# case: returns_the_dictionary
# style: return history.history
# fails: history_shows_validation
# may: validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_weights_are_kept, accuracy_passes
# borderline: all numbers are there, only one level too deep
# says: train_model must return the History object itself, not its dictionary history.history.

# %% build_model
from keras import layers


def build_model(image_shape, n_classes):
    model = keras.models.Sequential(
        [
            layers.Input(shape=image_shape),
            layers.Flatten(),
            layers.Dense(100, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )
    return model


# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss_fn, metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    history = model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )
    return history.history


# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
    return best + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    matrix = np.zeros((n, n), dtype=int)
    says = model.predict(x, verbose=0).argmax(axis=1)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
