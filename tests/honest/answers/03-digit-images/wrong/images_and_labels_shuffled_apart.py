# case: images_and_labels_shuffled_apart
# style: two different permutations for x and y
# fails: accuracy_passes
# may: overfitting_is_seen, best_weights_are_kept, loss_goes_down, every_weight_changes, validation_is_not_learned
# says: The model answers hardly better than chance: images and labels no longer belong together after two separate shuffles.

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
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss_fn, metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    x = np.random.permutation(x)
    y = np.random.permutation(y)
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )


# %% best_epoch
def best_epoch(history):
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    return np.bincount(n * y + predicted, minlength=n * n).reshape(n, n)
