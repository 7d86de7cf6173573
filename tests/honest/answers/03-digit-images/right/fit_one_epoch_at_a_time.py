# case: fit_one_epoch_at_a_time
# style: a loop of fits of one epoch each; the first History collects the numbers of all
# borderline: "the History that fit returns" is here the first of many, with the rest appended

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Conv2D(24, 3, strides=2, padding="same"),
            keras.layers.LeakyReLU(negative_slope=0.1),
            keras.layers.Flatten(),
            keras.layers.Dense(48),
            keras.layers.LeakyReLU(negative_slope=0.1),
            keras.layers.Dense(n_classes),
            keras.layers.Activation("softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    settings = dict(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.compile(**settings)
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val, max_epochs=100, patience=5):
    history = None
    lowest, best_weights, since = float("inf"), model.get_weights(), 0
    for epoch in range(max_epochs):
        part = model.fit(
            x,
            y,
            validation_data=(x_val, y_val),
            initial_epoch=epoch,
            epochs=epoch + 1,
            verbose=0,
        )
        val_loss = part.history["val_loss"][-1]
        if history is None:
            history = part
        else:
            for key in history.history:
                history.history[key] += part.history[key]
            history.epoch += part.epoch
        if val_loss < lowest:
            lowest, best_weights, since = val_loss, model.get_weights(), 0
        else:
            since += 1
        if since == patience:
            break
    model.set_weights(best_weights)
    return history


# %% best_epoch
def best_epoch(history):
    number, lowest = 0, None
    for epoch, loss in enumerate(history.history["val_loss"]):
        if lowest is None or loss < lowest:
            number, lowest = epoch + 1, loss
    return number


# %% confusion_matrix
from collections import Counter


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    answers = model.predict(x, verbose=0).argmax(axis=1)
    counter = Counter(zip(y.tolist(), answers.tolist()))
    return np.array(
        [[counter[t, p] for p in range(n_classes)] for t in range(n_classes)], dtype=int
    )
