# case: all_lambdas
# style: every function is a lambda

# %% build_model
build_model = lambda image_shape, n_classes: keras.Sequential([
    keras.Input(image_shape),
    keras.layers.Flatten(),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(n_classes, activation="softmax"),
])

# %% compile_model
compile_model = lambda model: (
    model.compile(
        optimizer=keras.optimizers.Adam(0.015),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    or model
)

# %% train_model
train_model = lambda model, x, y, x_val, y_val: model.fit(
    x, y,
    validation_data=(x_val, y_val),
    epochs=100,
    callbacks=[keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)],
    verbose=0,
)

# %% best_epoch
best_epoch = lambda history: 1 + int(np.argmin(history.history["val_loss"]))

# %% confusion_matrix
confusion_matrix = lambda model, x, y: (
    lambda n, p: np.bincount(y * n + p, minlength=n**2).reshape(n, n)
)(model.output_shape[-1], model.predict(x, verbose=0).argmax(1))
