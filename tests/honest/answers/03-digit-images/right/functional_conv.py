# case: functional_conv
# style: functional API with Conv2D and pooling (padding "same", works for other sizes), batch_size=16, patience=10

# %% build_model
from keras import layers

def build_model(image_shape, n_classes):
    inputs = keras.Input(shape=image_shape, name="image")
    h = layers.Conv2D(16, kernel_size=3, padding="same", activation="relu")(inputs)
    h = layers.MaxPooling2D(pool_size=2, padding="same")(h)
    h = layers.Flatten()(h)
    h = layers.Dense(64, activation="relu")(h)
    outputs = layers.Dense(n_classes, activation="softmax", name="digit")(h)
    return keras.Model(inputs=inputs, outputs=outputs, name="digit_cnn")

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=5e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    callbacks = [
        keras.callbacks.EarlyStopping(monitor="val_loss", mode="min", patience=10, restore_best_weights=True),
        keras.callbacks.TerminateOnNaN(),
    ]
    return model.fit(
        x, y, batch_size=16, epochs=100, validation_data=(x_val, y_val), callbacks=callbacks, verbose=0
    )

# %% best_epoch
def best_epoch(history):
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    predicted = np.argmax(model.predict(x, verbose=0), axis=-1)
    matrix = np.zeros((n, n), dtype=np.int64)
    np.add.at(matrix, (y, predicted), 1)
    return matrix
