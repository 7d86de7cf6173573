# case: confusion_classes_of_y
# style: takes the number of classes from y, where not every class may occur
# fails: confusion_matrix_is_right

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential([
        keras.Input(image_shape),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )

# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    says = model.predict(x, verbose=0).argmax(axis=1)
    classes = np.unique(y)
    return np.array([[np.sum((y == t) & (says == p)) for p in classes] for t in classes])
