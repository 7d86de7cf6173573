# case: numpy_floats
# style: the shortest answer a student writes: list of NumPy floats, no verbose, Adam object
# borderline: the floats are np.float32, as np.max gives them, not Python's own floats

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs)

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.get_weights()[0]

# %% weight_change
def weight_change(before, after):
    return [np.max(np.abs(a - b)) for a, b in zip(after, before)]
