# case: rmsprop_of_the_textbook
# style: optimizer rmsprop, copied from a well-known book on Keras
# fails: compile_sets_adam
# may: overfitting_is_seen, accuracy_passes
# says: The optimizer is RMSprop, not Adam.

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Conv2D(16, 3, padding="same", activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(48, activation="relu"))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
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
