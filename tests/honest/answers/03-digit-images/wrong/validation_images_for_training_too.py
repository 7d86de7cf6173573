# case: validation_images_for_training_too
# style: more data is better: training on x and x_val together
# fails: validation_is_not_learned
# may: overfitting_is_seen, best_weights_are_kept, history_shows_validation, accuracy_passes
# says: The weights learn from the validation images: fit gets x_val among its training images.

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
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    x_all = np.concatenate((x, x_val), axis=0)
    y_all = np.concatenate((y, y_val), axis=0)
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    return model.fit(
        x_all, y_all, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )


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
