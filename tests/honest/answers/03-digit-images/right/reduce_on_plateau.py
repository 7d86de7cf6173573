# case: reduce_on_plateau
# style: ReduceLROnPlateau besides EarlyStopping (the history then has one more key); Counter for the matrix

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(image_shape))
    model.add(keras.layers.Conv2D(8, (3, 3), padding="same", activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    slower = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=3, min_lr=1e-4)
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=8, restore_best_weights=True)
    return model.fit(x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[slower, stop], verbose=0)

# %% best_epoch
def best_epoch(history):
    curve = history.history["val_loss"]
    lowest = min(curve)
    for i in range(len(curve)):
        if curve[i] == lowest:
            return i + 1

# %% confusion_matrix
from collections import Counter

def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    guesses = model.predict(x, verbose=0).argmax(axis=1)
    pairs = Counter(zip(y.tolist(), guesses.tolist()))
    return np.array([[pairs[t, p] for p in range(n)] for t in range(n)])
