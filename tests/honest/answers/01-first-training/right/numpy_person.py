# case: numpy_person
# style: NumPy all the way: asarray, int32 column labels, infinity norm, list of np.float64 (which are floats)

# %% compile_model
def compile_model(model):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(np.float32(3e-3).item()),
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    x = np.ascontiguousarray(x, dtype=np.float32)
    y = np.asarray(y).astype(np.int32).reshape(-1, 1)
    return model.fit(x, y, epochs=int(epochs), verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    has_weights = np.array([len(layer.get_weights()) > 0 for layer in model.layers])
    first = int(np.argmax(has_weights))
    return np.array(model.layers[first].get_weights()[0], copy=True)

# %% weight_change
def weight_change(before, after):
    largest = np.empty(len(before), dtype=np.float64)
    for i, (b, a) in enumerate(zip(before, after)):
        largest[i] = np.linalg.norm(np.subtract(a, b, dtype=np.float64).ravel(), ord=np.inf)
    return list(largest)
