# case: fit_one_epoch_at_a_time
# style: PyTorch habit: a for loop over epochs around fit, with one History shared by all calls

# %% build_model
def build_model(image_shape, n_classes):
    net = keras.Sequential(name="net")
    net.add(keras.Input(image_shape))
    net.add(keras.layers.Flatten())
    for width in (128, 64):
        net.add(keras.layers.Dense(width, activation="relu"))
    net.add(keras.layers.Dense(n_classes, activation="softmax"))
    return net

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(learning_rate=5e-3)
    model.compile(opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    max_epochs, patience = 100, 5
    record = keras.callbacks.History()
    best_loss, best_weights, bad_epochs = float("inf"), model.get_weights(), 0

    for epoch in range(max_epochs):
        history = model.fit(
            x, y,
            validation_data=(x_val, y_val),
            initial_epoch=epoch,
            epochs=epoch + 1,
            callbacks=[record],
            verbose=0,
        )
        val_loss = history.history["val_loss"][-1]
        if val_loss < best_loss:
            best_loss, best_weights, bad_epochs = val_loss, model.get_weights(), 0
        else:
            bad_epochs += 1
        if bad_epochs == patience:
            break

    model.set_weights(best_weights)
    return history

# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    return sorted(range(1, len(losses) + 1), key=lambda epoch: losses[epoch - 1])[0]

# %% confusion_matrix
def confusion_matrix(model, x, y):
    probs = keras.ops.convert_to_numpy(model(x, training=False))
    preds = probs.argmax(axis=1)
    k = model.output_shape[-1]
    cm = np.zeros((k, k), dtype=int)
    for target, pred in zip(y.tolist(), preds.tolist()):
        cm[target, pred] += 1
    return cm
