# case: own_layer
# style: writes an own dense layer with add_weight, and an own softmax from exp and sum; unusual initializers

# %% build_model
def build_model(frames, mel_bins, n_words):
    class MyDense(keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(
                shape=(input_shape[-1], self.units), initializer="he_uniform", name="w"
            )
            self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

        def call(self, inputs):
            return keras.ops.matmul(inputs, self.w) + self.b

    class MySoftmax(keras.layers.Layer):
        def call(self, inputs):
            e = keras.ops.exp(inputs - keras.ops.max(inputs, axis=-1, keepdims=True))
            return e / keras.ops.sum(e, axis=-1, keepdims=True)

    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Flatten(),
        MyDense(96),
        keras.layers.LeakyReLU(),
        MyDense(n_words),
        MySoftmax(),
    ])

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, 32, epochs, 0)

# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n = p.shape[1]
    # row t, column q: clips of t taken for q
    C = np.einsum("it,iq->tq", np.eye(n)[y], np.eye(n)[p.argmax(axis=1)])
    C -= np.diag(np.diag(C))
    best = C.max()
    if best == 0:
        return None
    t, q = np.argwhere(C == best)[0]
    return t, q
