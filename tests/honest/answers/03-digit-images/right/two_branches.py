# case: two_branches
# style: two branches, Conv2D and Dense, joined by Concatenate; a subclassed network inside a functional model

# %% build_model
class TwoBranches(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = keras.layers.Conv2D(8, 3, padding="same", activation="relu")
        self.pool = keras.layers.AveragePooling2D(2, padding="same")
        self.flatten = keras.layers.Flatten()
        self.dense = keras.layers.Dense(64, activation="relu")
        self.join = keras.layers.Concatenate()

    def build(self, input_shape):
        self.conv.build(input_shape)
        n_pixels = int(np.prod(input_shape[1:]))
        self.dense.build((None, n_pixels))
        super().build(input_shape)

    def call(self, images):
        strokes = self.flatten(self.pool(self.conv(images)))
        pixels = self.dense(self.flatten(images))
        return self.join([strokes, pixels])


def build_model(image_shape, n_classes):
    inputs = keras.Input(image_shape)
    features = TwoBranches(name="two_branches")(inputs)
    outputs = keras.layers.Dense(n_classes, activation="softmax")(features)
    return keras.Model(inputs=[inputs], outputs=outputs)

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=np.float64(0.005), global_clipnorm=2.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    order = np.random.permutation(len(x))
    return model.fit(
        x[order], y[order], batch_size=20, epochs=100, validation_data=(x_val, y_val), callbacks=[stop], verbose=0
    )

# %% best_epoch
from functools import reduce

def best_epoch(history):
    v = history.history["val_loss"]
    return reduce(lambda best, i: i if v[i] < v[best] else best, range(len(v)), 0) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.outputs[0].shape[-1]
    says = np.argmax(model.predict(x, verbose=0), axis=1)

    def row(t):
        return [(says[y == t] == p).sum() for p in range(n_classes)]

    return np.array(list(map(row, range(n_classes))), dtype=int)
