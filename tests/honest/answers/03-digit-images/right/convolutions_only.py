# case: convolutions_only
# style: no Flatten before, no Dense at all: a Conv2D as large as the image, then a 1x1 Conv2D

# %% build_model
def build_model(image_shape, n_classes):
    L = keras.layers
    image = keras.Input(image_shape)
    z = L.Conv2D(96, kernel_size=image_shape[:2], activation="relu", padding="valid")(image)  # (1, 1, 96)
    z = L.Conv2D(n_classes, kernel_size=1)(z)
    z = L.Flatten()(z)
    return keras.Model(image, L.Softmax()(z))

# %% compile_model
def compile_model(model):
    model.compile(loss="crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    options = dict(epochs=100, batch_size=25, verbose=0)
    options["validation_data"] = (x_val, y_val)
    options["callbacks"] = [keras.callbacks.EarlyStopping("val_loss", restore_best_weights=True, patience=5)]
    return model.fit(x, y, **options)

# %% best_epoch
def best_epoch(history):
    return int(keras.ops.argmin(keras.ops.array(history.history["val_loss"]))) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    best_class = model.predict(x, verbose=0).argsort(axis=1)[:, -1]
    m = np.zeros((n, n), dtype="int64")
    np.add.at(m, tuple(np.stack([y, best_class])), 1)
    return m
