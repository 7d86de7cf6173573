# case: checkpoint_file
# style: ModelCheckpoint into a temporary directory, load_weights at the end, EarlyStopping only stops

# %% build_model
def build_model(image_shape, n_classes):
    model = keras.models.Sequential([
        keras.layers.Input(shape=tuple(image_shape)),
        keras.layers.Flatten(),
        keras.layers.Dense(200, activation="relu"),
        keras.layers.Dense(n_classes),
        keras.layers.Activation("softmax"),
    ])
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01, amsgrad=True),
                  loss="sparse_categorical_crossentropy",
                  metrics=["acc"])
    return model

# %% train_model
import tempfile
from pathlib import Path

def train_model(model, x, y, x_val, y_val):
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "best.weights.h5")
        checkpoint = keras.callbacks.ModelCheckpoint(
            path, monitor="val_loss", save_best_only=True, save_weights_only=True
        )
        stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=7)
        history = model.fit(
            x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[checkpoint, stop], verbose=0
        )
        model.load_weights(path)
    return history

# %% best_epoch
def best_epoch(history):
    return 1 + int(np.asarray(history.history["val_loss"]).argmin())

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    says = np.argmax(model.predict(x, verbose=0), axis=1)
    edges = np.arange(n + 1) - 0.5
    counts, _, _ = np.histogram2d(y, says, bins=(edges, edges))
    return counts.astype(int)
