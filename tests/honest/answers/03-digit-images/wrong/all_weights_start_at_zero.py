# case: all_weights_start_at_zero
# style: kernel_initializer zeros in both layers: with ReLU no gradient reaches a kernel
# fails: every_weight_changes, accuracy_passes
# may: loss_goes_down, overfitting_is_seen, best_weights_are_kept, build_model_fits, history_shows_validation
# says: The kernels never move: when all weights start at 0, their gradients are 0. Leave the random start to Keras.

# %% build_model
def build_model(image_shape, n_classes):
    zeros = keras.initializers.Zeros()
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu", kernel_initializer=zeros),
            keras.layers.Dense(n_classes, activation="softmax", kernel_initializer=zeros),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
from keras.callbacks import EarlyStopping


def train_model(model, x, y, x_val, y_val):
    early_stopping = EarlyStopping(patience=6, restore_best_weights=True)
    history = model.fit(
        x,
        y,
        batch_size=32,
        epochs=100,
        validation_data=(x_val, y_val),
        callbacks=[early_stopping],
        verbose=0,
    )
    return history


# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    cm = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(cm, (y, y_pred), 1)
    return cm
