# case: lenet_with_add
# style: two convolutions with pooling, built with model.add, as in many MNIST tutorials

# %% build_model
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential


def build_model(image_shape, n_classes):
    model = Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(Conv2D(16, kernel_size=(3, 3), padding="same", activation="relu"))
    model.add(MaxPooling2D(pool_size=(2, 2), padding="same"))
    model.add(Conv2D(32, kernel_size=(3, 3), padding="same", activation="relu"))
    model.add(MaxPooling2D(pool_size=(2, 2), padding="same"))
    model.add(Flatten())
    model.add(Dense(64, activation="relu"))
    model.add(Dense(n_classes, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
from keras.callbacks import EarlyStopping


def train_model(model, x, y, x_val, y_val):
    early_stop = EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    history = model.fit(
        x,
        y,
        epochs=100,
        batch_size=32,
        validation_data=(x_val, y_val),
        callbacks=[early_stop],
        verbose=0,
    )
    return history


# %% best_epoch
def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    for t, p in zip(y, predicted):
        matrix[t][p] += 1
    return matrix
