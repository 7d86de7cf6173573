# case: lambda_softmax_own_loss
# style: softmax in a Lambda layer; loss and accuracy as functions of their own with keras.ops

# %% build_model
def build_model(image_shape, n_classes):
    return keras.Sequential([
        keras.Input(image_shape),
        keras.layers.Lambda(lambda images: 2 * images - 1),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation=keras.ops.tanh),
        keras.layers.Dense(n_classes),
        keras.layers.Lambda(lambda z: keras.ops.softmax(z, axis=-1)),
    ])

# %% compile_model
def negative_log_likelihood(y_true, y_pred):
    classes = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    right = keras.ops.one_hot(classes, y_pred.shape[-1])
    p = keras.ops.sum(right * y_pred, axis=-1)
    return -keras.ops.log(keras.ops.maximum(p, 1e-7))


def digit_accuracy(y_true, y_pred):
    classes = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    answers = keras.ops.cast(keras.ops.argmax(y_pred, axis=-1), "int32")
    return keras.ops.cast(keras.ops.equal(classes, answers), "float32")


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=negative_log_likelihood, metrics=[digit_accuracy])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True)
    fit = model.fit(x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0)
    return fit

# %% best_epoch
def best_epoch(history):
    _, epoch = min((loss, number) for number, loss in enumerate(history.history["val_loss"], 1))
    return epoch

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    t = np.eye(n)[y]
    p = np.eye(n)[says]
    return np.einsum("it,ip->tp", t, p).round().astype(int)
