# case: batchnorm_dropout
# style: BatchNormalization and Dropout in the network, more patience; predict in small batches

# %% build_model
def build_model(image_shape, n_classes):
    inputs = keras.Input(image_shape)
    x = keras.layers.Flatten()(inputs)
    x = keras.layers.Dense(128, use_bias=False)(x)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.Dropout(0.3)(x)
    outputs = keras.layers.Dense(n_classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    callback = keras.callbacks.EarlyStopping(monitor="val_loss", patience=8, restore_best_weights=True)
    history = model.fit(x, y, epochs=100, batch_size=32, validation_data=(x_val, y_val), callbacks=[callback], verbose=0)
    return history

# %% best_epoch
def best_epoch(history):
    val = np.array(history.history["val_loss"], dtype=np.float64)
    return int(np.where(val == val.min())[0][0]) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    cm = np.zeros((n, n), dtype=np.uint32)
    for start in range(0, len(x), 64):
        batch = slice(start, start + 64)
        probs = model.predict_on_batch(x[batch])
        np.add.at(cm, (y[batch], np.argmax(probs, axis=1)), 1)
    return cm
