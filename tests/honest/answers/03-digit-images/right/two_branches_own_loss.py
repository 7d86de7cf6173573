# case: two_branches_own_loss
# style: two branches joined inside the Sequential; an own loss function for class numbers; PyDataset
# borderline: the own loss gives the values of sparse categorical cross-entropy, by another name

# %% build_model
def two_views(image_shape):
    pixels = keras.Input(image_shape)
    strokes = keras.layers.Conv2D(12, 3, padding="same", activation="relu")(pixels)
    strokes = keras.layers.MaxPooling2D(2, padding="same")(strokes)
    both = keras.layers.Concatenate()(
        [keras.layers.Flatten()(pixels), keras.layers.Flatten()(strokes)]
    )
    return keras.Model(pixels, both)


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            two_views(image_shape),
            keras.layers.Dense(48, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def cross_entropy_of_class_numbers(y_true, y_pred):
    numbers = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    one_hot = keras.ops.one_hot(numbers, y_pred.shape[-1])
    return keras.losses.categorical_crossentropy(one_hot, y_pred)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.008),
        loss=cross_entropy_of_class_numbers,
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


# %% train_model
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, size=30, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.size = x, y, size
        self.order = np.random.permutation(len(x))

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __getitem__(self, index):
        chosen = self.order[index * self.size : (index + 1) * self.size]
        return self.x[chosen], self.y[chosen]

    def on_epoch_end(self):
        self.order = np.random.permutation(len(self.x))


def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        Batches(x, y), validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )


# %% best_epoch
def best_epoch(history):
    return next(
        epoch
        for epoch, loss in enumerate(history.history["val_loss"], 1)
        if loss == min(history.history["val_loss"])
    )


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = keras.ops.convert_to_numpy(keras.ops.argmax(model(x, training=False), axis=-1))
    matrix = [[0] * n_classes for _ in range(n_classes)]
    for t, p in zip(y, says):
        matrix[int(t)][int(p)] += 1
    return np.array(matrix)
